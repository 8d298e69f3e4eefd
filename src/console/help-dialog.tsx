import type { VNode } from 'preact';
import { actions } from './actions.js';
import { keyHelp } from './keys.js';
import { Modal } from './modal.js';

/** Every key. */
export function HelpDialog({
  mayTriage,
  onClose,
}: {
  readonly mayTriage: boolean;
  readonly onClose: () => void;
}): VNode {
  const triage = mayTriage ? actions.map(({ key, label }) => [key, label.toLowerCase()] as const) : [];
  const going = keyHelp.filter(([key]) => mayTriage || !['m', 'x', 'Shift j / k'].includes(key));
  return (
    <Modal title="Keys" onClose={onClose}>
      <dl class="keys">
        {[...going, ...triage].map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <div class="buttons">
        <button type="button" data-first onClick={onClose}>
          Close
        </button>
      </div>
    </Modal>
  );
}
