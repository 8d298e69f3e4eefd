import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { post } from './api.js';
import { useApp } from './app-context.js';
import { FormDialog } from './form-dialog.js';
import { shownInstant, zoneName } from './instant.js';
import { PreviewLines, usePreview } from './mute-preview.js';
import { scopesOf } from './mute-scope.js';
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
  const scope = scopes[at] ?? scopes[0];
  const preview = usePreview(scope);
  const until = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + forHours * 3_600_000).toISOString();

  const muted = useRef(new Set<string>());
  const mute = async (): Promise<void> => {
    for (const one of scope?.scopes ?? []) {
      // Tried again after a refusal halfway, what is muted is not muted twice.
      const key = JSON.stringify(one);
      if (muted.current.has(key)) continue;
      await post('/v1/mutes', { scope: one, reason: reason.trim(), until });
      muted.current.add(key);
    }
    say(`Muted until ${shownInstant(until, preferences.zone)}: ${scope?.label}.`);
    onDone();
  };

  return (
    <FormDialog
      title="Mute"
      label="Mute"
      isReady={reason.trim() !== '' && scope !== undefined}
      onDo={mute}
      onClose={onClose}
    >
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
    </FormDialog>
  );
}
