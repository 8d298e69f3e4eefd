import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { countOf } from './action-dialog.js';
import { post, sentenceOf } from './api.js';
import { useApp } from './app-context.js';
import { shownInstant, zoneName } from './instant.js';
import { Modal } from './modal.js';
import { type Scope, scopesOf } from './mute-scope.js';
import { shortText } from './shown-text.js';
import { Name } from './text.js';
import type { Violation } from './violation.js';

interface MuteDialogProps {
  readonly targets: readonly Violation[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const hours = [1, 4, 24, 72, 168, 720] as const;
const nameOfHours = (count: number): string => (count < 48 ? `${count} h` : `${count / 24} days`);

/** Mutes alerts for a time: what for, until when, why, and how many it hides before it is done. */
export function MuteDialog({ targets, onDone, onClose }: MuteDialogProps): VNode {
  const { say, preferences } = useApp();
  const scopes = scopesOf(targets);
  const [at, setAt] = useState(0);
  const [forHours, setHours] = useState<number>(4);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const scope = scopes[at] ?? scopes[0];
  const preview = usePreview(scope);
  const until = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + forHours * 3_600_000).toISOString();
  const isReady = reason.trim() !== '' && scope !== undefined && !isBusy;

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!isReady) return;
    setBusy(true);
    try {
      for (const one of scope.scopes) await post('/v1/mutes', { scope: one, reason: reason.trim(), until });
      say(`Muted until ${shownInstant(until, preferences.zone)}: ${scope.label}.`);
      onDone();
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };

  return (
    <Modal title="Mute" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <p class="explains">Nobody is alerted until then. What is heard is judged, counted and listed all the same.</p>
        <label>
          Reason
          <input
            data-first
            value={reason}
            maxLength={500}
            required
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <fieldset>
          <legend>What</legend>
          {scopes.map(({ label }, index) => (
            <label key={label} class="option">
              <input type="radio" name="scope" checked={index === at} onChange={() => setAt(index)} />
              <span>{shortText(label, 160)}</span>
            </label>
          ))}
        </fieldset>
        <label>
          For
          <select value={String(forHours)} onChange={(event) => setHours(Number(event.currentTarget.value))}>
            {hours.map((count) => (
              <option key={count} value={String(count)}>
                {nameOfHours(count)}
              </option>
            ))}
          </select>
        </label>
        <p class="until">
          Until {shownInstant(until, preferences.zone)} {zoneName(preferences.zone, new Date(until))}
        </p>
        <div role="status">
          <PreviewLines preview={preview} />
        </div>
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={!isReady}>
            Mute
          </button>
        </div>
      </form>
    </Modal>
  );
}

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
function usePreview(scope: Scope | undefined): Preview | string | undefined {
  const [known, setKnown] = useState<Preview | string>();
  const key = JSON.stringify(scope?.scopes);
  useEffect(() => {
    let isOld = false;
    const asked = (scope?.scopes ?? []).map((one) => post<Preview>('/v1/mutes/preview', { scope: one }));
    Promise.all(asked).then(
      (answers) => {
        if (!isOld) setKnown(answers.reduce(sum, nothing));
      },
      (error: unknown) => {
        if (!isOld) setKnown(`Not counted: ${sentenceOf(error)}`);
      },
    );
    return () => void (isOld = true);
  }, [key]);
  return known;
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

function PreviewLines({ preview }: { readonly preview: Preview | string | undefined }): VNode {
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
