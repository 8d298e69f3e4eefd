import type { VNode } from 'preact';
import { Fact, Section } from '../detail-sections.js';
import { shortText } from '../shown-text.js';
import { Name } from '../text.js';
import { checkpointOf } from './event-words.js';

/** What the log says of its tree, and the store of what it verified. */
export interface Proved {
  readonly tree: { readonly logId: string; readonly size: number; readonly root: string; readonly checkpoint?: string };
  readonly health: { readonly ok: boolean; readonly readOnly: boolean; readonly detail: string };
}

/** How the log is proved, and whether it is as it was written. */
export function LogProof({ proved: { tree, health } }: { readonly proved: Proved }): VNode {
  const checkpoint = checkpointOf(tree.checkpoint);
  return (
    <Section title="Proof">
      <dl class="facts">
        <Fact name="Log">
          <span class="code">
            <Name text={tree.logId} />
          </span>
        </Fact>
        <Fact name="Size">{tree.size.toLocaleString('en')} events</Fact>
        <Fact name="Root">
          <span class="code">
            <Name text={tree.root} />
          </span>
        </Fact>
        <Fact name="Checkpoint">
          {checkpoint === undefined ? (
            'None was signed yet.'
          ) : (
            <>
              over {checkpoint.size.toLocaleString('en')} events, signed by <Name text={checkpoint.origin} />;{' '}
              {(tree.size - checkpoint.size).toLocaleString('en')} events came since
            </>
          )}
        </Fact>
        <Fact name="Storage">
          <span class={health.ok ? 'log-proved' : 'problem'}>{health.ok ? '✓ as written' : '✕ not as written'}</span>
          {health.readOnly && <span class="tag">takes nothing now</span>}
        </Fact>
        <Fact name="Verified">
          <Name text={health.detail} most={400} />
        </Fact>
      </dl>
      {tree.checkpoint !== undefined && (
        <details>
          <summary>The signed checkpoint</summary>
          <pre class="code log-raw" tabIndex={0} aria-label="The signed checkpoint">
            {tree.checkpoint
              .split('\n')
              .map((line) => shortText(line, 400))
              .join('\n')}
          </pre>
        </details>
      )}
      <p class="none">
        To check it yourself: <span class="code">portledger audit verify</span>
      </p>
    </Section>
  );
}
