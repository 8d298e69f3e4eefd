import type { VNode } from 'preact';
import type { Action } from './actions.js';
import { countOf, type Violation } from './violation.js';

interface ActionBarProps {
  readonly actions: readonly Action[];
  readonly selected: number;
  readonly targets: readonly Violation[];
  readonly onAction: (action: Action) => void;
  readonly onMute: () => void;
  readonly onClear: () => void;
}

/** What can be done about the selection, or else about the line the reader is on. */
export function ActionBar({ actions, selected, targets, onAction, onMute, onClear }: ActionBarProps): VNode {
  const shown = actions.filter((action) => action.isBulk && action.name !== 'ticket');
  return (
    <div class={`actions ${selected > 0 ? 'several' : ''}`} role="toolbar" aria-label="Actions">
      {shown.map((action) => (
        <button
          key={action.name}
          type="button"
          disabled={!targets.some((violation) => action.fits(violation))}
          onClick={() => onAction(action)}
        >
          {action.label} <kbd>{action.key}</kbd>
        </button>
      ))}
      <button type="button" disabled={targets.length === 0} onClick={onMute}>
        Mute <kbd>m</kbd>
      </button>
      <span class="selection" role="status">
        {selected > 0 && `${countOf(selected)} selected`}
      </span>
      {selected > 0 && (
        <button type="button" class="quiet" onClick={onClear}>
          Clear <kbd>Esc</kbd>
        </button>
      )}
    </div>
  );
}
