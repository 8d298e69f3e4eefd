import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { post } from '../api.js';
import { useApp } from '../app-context.js';
import { FormDialog } from '../form-dialog.js';
import type { Parked } from './parked.js';

interface SkipProps {
  readonly one: Parked;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Passes a parked event over, with the reason that the log keeps. */
export function SkipDialog({ one: { stream, parked, held }, onClose, onDone }: SkipProps): VNode {
  const { say } = useApp();
  const [reason, setReason] = useState('');
  const skip = async (): Promise<void> => {
    const body = { eventId: parked.id, reason: reason.trim() };
    await post(`/v1/parked/${encodeURIComponent(stream)}/skip`, body);
    say(`#${parked.ordinal} is skipped: the stream is read on.`);
    onDone();
  };
  return (
    <FormDialog
      title={`Skip #${parked.ordinal}`}
      label="Skip it"
      isReady={reason.trim() !== ''}
      onDo={skip}
      onClose={onClose}
    >
      <p class="explains">
        It stays in the log and never counts.{' '}
        {held === 0 ? 'Nothing waits behind it.' : `${held} held events are folded.`} What that changes on the map
        reaches the devices.
      </p>
      <label>
        Why it is passed over
        <textarea
          data-first
          rows={3}
          maxLength={500}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
    </FormDialog>
  );
}
