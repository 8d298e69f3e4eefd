import type { VNode } from 'preact';
import { useApp } from '../app-context.js';
import { Asked } from './asked.js';
import { DifferenceTable, type Differences } from './difference-table.js';
import type { PanelProps } from './panel.js';
import { useAnswer } from './use-answer.js';

/** Two moments side by side. */
export function DifferencePanel({ place, at }: PanelProps): VNode {
  const { go, say } = useApp();
  const other = place.other;
  const [from, to] = other === undefined ? [at, at] : [Math.min(at, other), Math.max(at, other)];
  const answer = useAnswer<Differences>(
    other === undefined || other === at ? undefined : `/v1/audit/diff?from=%23${from}&to=%23${to}&limit=200`,
  );
  const choose = (text: string): void => {
    const found = /^#?(\d{1,15})$/.exec(text.trim())?.[1];
    if (found === undefined) say('A moment is named by its number, such as #123.', 'failed');
    else go({ ...place, other: Number(found) });
  };
  return (
    <>
      <form class="time-filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Compare with
          <input
            type="text"
            placeholder="#123"
            value={other === undefined ? '' : `#${other}`}
            onChange={(event) => choose(event.currentTarget.value)}
          />
        </label>
        <button type="button" onClick={() => go({ ...place, at, other: at })}>
          Keep #{at} as the other moment
        </button>
      </form>
      {(other === undefined || other === at) && (
        <p class="none">Choose another moment: keep this one, and move the slider.</p>
      )}
      <Asked answer={answer} what="the difference">
        {(difference) => (
          <DifferenceTable
            answer={difference}
            none="The two maps say the same."
            before={`At #${from}`}
            after={`At #${to}`}
          />
        )}
      </Asked>
    </>
  );
}
