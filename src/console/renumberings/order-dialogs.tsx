import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { post } from '../api.js';
import { useApp } from '../app-context.js';
import { FormDialog } from '../form-dialog.js';
import { shortText } from '../shown-text.js';
import { inWords } from '../violation.js';
import { type Renumbering, saysOrder, secondsIn } from './renumbering.js';

/** `despite`: on, although the old prefix is not known to be quiet. */
export type OrderWord = 'next' | 'despite' | 'back';

const titles = { next: 'Go on', despite: 'Go on although it may not be quiet', back: 'Go back' } as const;
const moved = ({ state, by }: Renumbering): string =>
  `It went on after you looked at it: ${inWords(state)} now, the last word by ${shortText(by, 60)}. Nothing was ordered.`;

interface OrderProps {
  readonly word: OrderWord;
  /** What was looked at when the word was given. */
  readonly seen: Renumbering;
  /** As it is now. */
  readonly current: Renumbering;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Orders exactly what was seen: where it went on meanwhile that is refused, here and by the engine. */
export function OrderDialog({ word, seen, current, onDone, onClose }: OrderProps): VNode {
  const { say } = useApp();
  const [reason, setReason] = useState('');
  const why = reason.trim();
  const step = word === 'back' ? 'back' : 'next';
  const isMoved = current.etag !== seen.etag;
  const order = async (): Promise<void> => {
    const path = `/v1/renumberings/${encodeURIComponent(seen.renumberingId)}/${step}`;
    const told = { ...(word === 'despite' && { notQuiet: true }), ...(why !== '' && { reason: why }) };
    try {
      const { state } = await post<Renumbering>(path, told, `"${seen.etag}"`);
      say(`${shortText(seen.renumberingId)}: ${inWords(state)}.`);
    } finally {
      onDone();
    }
  };
  return (
    <FormDialog
      title={`${titles[word]}: ${shortText(seen.serverId, 40)}`}
      label={titles[step]}
      isReady={!isMoved && (word === 'next' || why !== '')}
      onDo={order}
      onClose={onClose}
    >
      <p class="preview">{shortText(saysOrder(seen, step, seen.orders[word] ?? {}), 400)}</p>
      <p class="explains">Only billing grants and releases; what it publishes shows here by itself.</p>
      {isMoved && (
        <p class="problem" role="alert">
          {moved(current)}
        </p>
      )}
      <label>
        Reason{word === 'next' ? '' : ' (needed)'}
        <textarea rows={2} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
    </FormDialog>
  );
}

interface StartProps {
  readonly onDone: (renumberingId: string) => void;
  readonly onClose: () => void;
}

/** Plans to move a server from one prefix to another; asks nothing of anybody yet. */
export function StartDialog({ onDone, onClose }: StartProps): VNode {
  const { say } = useApp();
  const [told, setTold] = useState({ server: '', from: '', to: '', quiet: '72 h' });
  const { server, from, to, quiet } = told;
  const quietSeconds = secondsIn(quiet);
  const start = async (): Promise<void> => {
    const body = { serverId: server.trim(), from: from.trim(), to: to.trim(), quietSeconds };
    const { renumberingId } = await post<Renumbering>('/v1/renumberings', body);
    say(`${shortText(renumberingId)} is planned.`);
    onDone(renumberingId);
  };
  const isReady = [server, from, to].every((one) => one.trim() !== '') && quietSeconds !== undefined;
  const field = (label: string, name: keyof typeof told, example: string): VNode => (
    <label>
      {label}
      <input
        type="text"
        autocomplete="off"
        spellcheck={false}
        placeholder={example}
        value={told[name]}
        onInput={(event) => setTold({ ...told, [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <FormDialog title="Start a renumbering" label="Start" isReady={isReady} onDo={start} onClose={onClose}>
      <p class="explains">It is planned, and asks nothing of anybody yet: billing is asked once somebody goes on.</p>
      {field('Server', 'server', 'srv-16')}
      {field('From the prefix', 'from', '2001:db8:16::/64')}
      {field('To the prefix', 'to', '2001:db8:1016::/48')}
      {field('Has to be quiet for', 'quiet', '72 h, 90 min or 5 s')}
    </FormDialog>
  );
}
