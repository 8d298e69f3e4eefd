import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { post } from '../api.js';
import { useApp } from '../app-context.js';
import { FormDialog } from '../form-dialog.js';
import { shortText } from '../shown-text.js';

interface FreezeProps {
  /** Undefined: every device. */
  readonly device: string | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const nameOf = (device: string | undefined): string => (device === undefined ? 'every device' : shortText(device));
const told = (device: string | undefined, reason: string): object => ({
  ...(device !== undefined && { device }),
  ...(reason !== '' && { reason }),
});

/** Nothing is written from here on, withdrawals included: a reason is needed, and for every device the word `all`. */
export function FreezeDialog({ device, onDone, onClose }: FreezeProps): VNode {
  const { say } = useApp();
  const [reason, setReason] = useState('');
  const [all, setAll] = useState('');
  const freeze = async (): Promise<void> => {
    await post('/v1/freeze', told(device, reason.trim()));
    onDone();
    say(`Frozen: ${nameOf(device)}. Nothing is written until it is resumed.`);
  };
  return (
    <FormDialog
      title={`Freeze ${nameOf(device)}`}
      label="Freeze"
      isReady={reason.trim() !== '' && (device !== undefined || all.trim() === 'all')}
      onDo={freeze}
      onClose={onClose}
    >
      <p class="explains">
        Nothing is written from then on, no withdrawal either. A push that is under way ends first. It holds through a
        restart.
      </p>
      <Reason label="Reason (needed)" text={reason} onText={setReason} />
      {device === undefined && (
        <label>
          Type “all” to confirm
          <input type="text" autocomplete="off" value={all} onInput={(event) => setAll(event.currentTarget.value)} />
        </label>
      )}
    </FormDialog>
  );
}

/** The engine writes again, as the mode of the device says. */
export function ResumeDialog({ device, onDone, onClose }: FreezeProps): VNode {
  const { say } = useApp();
  const [reason, setReason] = useState('');
  const resume = async (): Promise<void> => {
    await post('/v1/resume', told(device, reason.trim()));
    onDone();
    say(`Resumed: ${nameOf(device)}.`);
  };
  return (
    <FormDialog title={`Resume ${nameOf(device)}`} label="Resume" isReady onDo={resume} onClose={onClose}>
      <p class="explains">What waits is written, as the mode of the device says. Other brakes hold as they are.</p>
      <Reason label="Reason" text={reason} onText={setReason} />
    </FormDialog>
  );
}

function Reason(props: {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
}): VNode {
  return (
    <label>
      {props.label}
      <input
        data-first
        type="text"
        maxLength={240}
        value={props.text}
        onInput={(event) => props.onText(event.currentTarget.value)}
      />
    </label>
  );
}
