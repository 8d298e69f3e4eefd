import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Action } from './actions.js';
import { FormDialog } from './form-dialog.js';
import { countOf, type Violation } from './violation.js';

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
  const told = text.trim();
  return (
    <FormDialog
      title={`${label}: ${countOf(targets.length)}`}
      label={label}
      isReady={field?.isRequired !== true || told !== ''}
      onDo={() => onDo(field === undefined || told === '' ? {} : { [field.name]: told })}
      onClose={onClose}
    >
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
              onInput={(event) => setText(event.currentTarget.value)}
            />
          ) : (
            <textarea
              data-first
              rows={3}
              value={text}
              maxLength={field.most}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </label>
      )}
    </FormDialog>
  );
}
