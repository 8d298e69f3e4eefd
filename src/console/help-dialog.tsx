import type { VNode } from 'preact';
import type { Action } from './actions.js';
import { keyHelp } from './keys.js';
import { Modal } from './modal.js';

interface HelpProps {
  readonly actions: readonly Action[];
  readonly onClose: () => void;
}

/** Every key that does something for this reader. */
export function HelpDialog({ actions, onClose }: HelpProps): VNode {
  const triage = actions.map(({ key, label }) => [key, label.toLowerCase()] as const);
  const going = keyHelp.filter(([key]) => actions.length > 0 || !['m', 'x', 'X', 'Shift j / k'].includes(key));
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
