import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Action } from './actions.js';
import { sentenceOf } from './api.js';
import { Modal } from './modal.js';
import type { Violation } from './violation.js';

interface ActionDialogProps {
  readonly action: Action;
  readonly targets: readonly Violation[];
  /** Rejects with what is to be shown in the dialog. */
  readonly onDo: (fields: Readonly<Record<string, string>>) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for what an action needs to be told. */
export function ActionDialog({ action, targets, onDo, onClose }: ActionDialogProps): VNode {
  const { field, label, explains } = action;
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const isReady = !isBusy && (field?.isRequired !== true || text.trim() !== '');

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!isReady) return;
    setBusy(true);
    try {
      await onDo(field === undefined || text.trim() === '' ? {} : { [field.name]: text.trim() });
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  const sendOnCtrlEnter = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
  };

  return (
    <Modal title={`${label}: ${countOf(targets.length)}`} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} onKeyDown={sendOnCtrlEnter}>
        {explains !== undefined && <p class="explains">{explains}</p>}
        {field !== undefined && (
          <label>
            {field.label}
            {field.name === 'url' ? (
              <input
                data-first
                type="url"
                value={text}
                maxLength={field.most}
                onInput={(e) => setText(e.currentTarget.value)}
              />
            ) : (
              <textarea
                data-first
                rows={3}
                value={text}
                maxLength={field.most}
                onInput={(e) => setText(e.currentTarget.value)}
              />
            )}
          </label>
        )}
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
            {label} <kbd>Ctrl Enter</kbd>
          </button>
        </div>
      </form>
    </Modal>
  );
}

export const countOf = (count: number): string =>
  count === 1 ? '1 violation' : `${count.toLocaleString('en')} violations`;
