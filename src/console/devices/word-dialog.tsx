import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Problem } from '../api.js';
import { FormDialog } from '../form-dialog.js';
import { shortText } from '../shown-text.js';

interface WordDialogProps {
  readonly title: string;
  readonly label: string;
  /** Why it cannot be done any more; undefined where it can. */
  readonly blocked?: string | undefined;
  /** Does it. @param confirm what was typed, once the engine asked for it. Rejects as `post` does. */
  readonly onDo: (confirm: string | undefined) => Promise<void>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Asks before something is done; where the engine wants words for it, they must be typed. */
export function WordDialog({ title, label, blocked, onDo, onClose, children }: WordDialogProps): VNode {
  const [words, setWords] = useState<string>();
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // Before the next key: who sees the field may type.
  useLayoutEffect(() => field.current?.focus(), [words]);
  const attempt = async (): Promise<void> => {
    try {
      await onDo(words === undefined ? undefined : typed.trim());
    } catch (error) {
      const confirm =
        error instanceof Problem && error.code === 'confirmation-needed' ? error.body['confirm'] : undefined;
      if (typeof confirm === 'string') setWords(confirm);
      throw error;
    }
  };
  const isReady = blocked === undefined && (words === undefined || typed.trim() === words);
  return (
    <FormDialog title={title} label={label} isReady={isReady} onDo={attempt} onClose={onClose}>
      {children}
      {blocked !== undefined && (
        <p class="problem" role="alert">
          {blocked}
        </p>
      )}
      {words !== undefined && (
        <label>
          Type “{shortText(words, 200)}” to confirm
          <input
            ref={field}
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
      )}
    </FormDialog>
  );
}
