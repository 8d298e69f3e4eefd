import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { post, sentenceOf } from './api.js';
import type { Scope } from './mute-scope.js';
import { Name } from './text.js';
import { countOf } from './violation.js';

interface Preview {
  readonly hides: number;
  readonly open: number;
  readonly alreadyMuted: number;
  /** Mutes, past ones too, that hide or hid something of it. */
  readonly similar: readonly {
    readonly muteId: string;
    readonly state: string;
    readonly reason: string;
    readonly by: string;
  }[];
}

const nothing: Preview = { hides: 0, open: 0, alreadyMuted: 0, similar: [] };

/** What a mute of this scope would do now; undefined until the engine says so. */
export function usePreview(scope: Scope | undefined): Preview | string | undefined {
  const [known, setKnown] = useState<{ readonly key: string | undefined; readonly preview: Preview | string }>();
  const key = JSON.stringify(scope?.scopes);
  useEffect(() => {
    let isOld = false;
    const asked = (scope?.scopes ?? []).map((one) => post<Preview>('/v1/mutes/preview', { scope: one }));
    Promise.all(asked).then(
      (answers) => {
        if (!isOld) setKnown({ key, preview: answers.reduce(sum, nothing) });
      },
      (error: unknown) => {
        if (!isOld) setKnown({ key, preview: `Not counted: ${sentenceOf(error)}` });
      },
    );
    return () => void (isOld = true);
  }, [key]);
  // What was counted for another scope is no answer to this one.
  return known?.key === key ? known?.preview : undefined;
}

function sum(a: Preview, b: Preview): Preview {
  const known = new Set(a.similar.map(({ muteId }) => muteId));
  return {
    hides: a.hides + b.hides,
    open: a.open + b.open,
    alreadyMuted: a.alreadyMuted + b.alreadyMuted,
    similar: [...a.similar, ...b.similar.filter(({ muteId }) => !known.has(muteId))],
  };
}

export function PreviewLines({ preview }: { readonly preview: Preview | string | undefined }): VNode {
  if (preview === undefined) return <p class="preview">Counting…</p>;
  if (typeof preview === 'string') return <p class="preview">{preview}</p>;
  const { hides, open, alreadyMuted, similar } = preview;
  return (
    <>
      <p class="preview">
        Hides {countOf(hides)}, {open} of them open{alreadyMuted > 0 && `; ${alreadyMuted} muted already`}.
      </p>
      {similar.length > 0 && (
        <ul class="plain similar" aria-label="Mutes like it">
          {similar.slice(0, 5).map(({ muteId, state, reason, by }) => (
            <li key={muteId}>
              {state}: <Name text={reason} /> by <Name text={by} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
