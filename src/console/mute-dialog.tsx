import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { countOf } from './action-dialog.js';
import { post, sentenceOf } from './api.js';
import { useApp } from './app-context.js';
import { shownInstant, zoneName } from './instant.js';
import { Modal } from './modal.js';
import { type Scope, scopesOf } from './mute-scope.js';
import { shortText } from './shown-text.js';
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
  const hidden = usePreview(scope);
  const until = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + forHours * 3_600_000).toISOString();
  const isReady = reason.trim() !== '' && scope !== undefined && !isBusy;

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!isReady) return;
    setBusy(true);
    try {
      for (const fields of scope.fields) await post('/v1/mutes', { ...fields, reason: reason.trim(), until });
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
        <p class="preview" role="status">
          {hidden}
        </p>
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
  readonly count: number;
}

/** How many this hides now, in words. */
function usePreview(scope: Scope | undefined): string {
  const [words, setWords] = useState('Counting…');
  const key = JSON.stringify(scope?.fields);
  useEffect(() => {
    let isOld = false;
    setWords('Counting…');
    const asked = (scope?.fields ?? []).map((fields) => post<Preview>('/v1/mutes/preview', fields));
    Promise.all(asked).then(
      (answers) => {
        const count = answers.reduce((sum, answer) => sum + answer.count, 0);
        if (!isOld) setWords(`Hides ${countOf(count)} now.`);
      },
      (error: unknown) => {
        if (!isOld) setWords(`Not counted: ${sentenceOf(error)}`);
      },
    );
    return () => void (isOld = true);
  }, [key]);
  return words;
}
