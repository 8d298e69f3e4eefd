import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { sentenceOf } from './api.js';
import { useApp } from './app-context.js';
import { Modal } from './modal.js';

interface FormDialogProps {
  readonly title: string;
  /** What the button says that does it. */
  readonly label: string;
  /** Whether everything that must be told is told. */
  readonly isReady: boolean;
  /** Does it. Rejects with what is to be shown where nothing was done. */
  readonly onDo: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A dialog that asks before it does something: once, however often it is sent, and with its refusal where it is looked for. */
export function FormDialog({ title, label, isReady, onDo, onClose, children }: FormDialogProps): VNode {
  const { say } = useApp();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const isSent = useRef(false);
  const isGone = useRef(false);
  useEffect(() => () => void (isGone.current = true), []);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!isReady || isSent.current) return;
    isSent.current = true;
    setBusy(true);
    setProblem(undefined);
    try {
      await onDo();
      onClose();
    } catch (error) {
      isSent.current = false;
      setBusy(false);
      setProblem(sentenceOf(error));
      // Who closed it before the answer came is told all the same.
      if (isGone.current) say(`Not done: ${sentenceOf(error)}`, 'failed');
    }
  };
  const sendOnCtrlEnter = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
  };

  return (
    <Modal title={title} onClose={onClose}>
      <form aria-busy={isBusy} onSubmit={(event) => void submit(event)} onKeyDown={sendOnCtrlEnter}>
        {children}
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={onClose}>
            {isBusy ? 'Close' : 'Cancel'}
          </button>
          <button class="primary" disabled={!isReady || isBusy}>
            {isBusy ? 'Sending…' : label} <kbd>Ctrl Enter</kbd>
          </button>
        </div>
      </form>
    </Modal>
  );
}
