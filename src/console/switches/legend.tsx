import type { VNode } from 'preact';
import { portStates, type PortState, type StateCounts, statesIn, symbols, titles, toggled } from './port-states.js';

interface LegendProps {
  readonly counts: StateCounts;
  /** The filter as the address has it. */
  readonly state: string | undefined;
  readonly onFilter: (state: string | undefined) => void;
}

/** What the symbols mean and how many ports are so; each puts its state in sight alone. */
export function Legend({ counts, state, onFilter }: LegendProps): VNode {
  const chosen = statesIn(state);
  return (
    <div class="legend" role="group" aria-label="Show only ports that are">
      {portStates.map((one) => (
        <button
          key={one}
          type="button"
          data-state={one}
          class={counts[one] === 0 ? 'none-of-it' : ''}
          aria-pressed={chosen.includes(one)}
          onClick={() => onFilter(toggled(state, one))}
        >
          <StateMark state={one} /> {titles[one]} <strong>{counts[one]}</strong>
        </button>
      ))}
    </div>
  );
}

export function StateMark({ state }: { readonly state: PortState }): VNode {
  return (
    <span class={`port-state ${state}`} aria-hidden="true">
      {symbols[state]}
    </span>
  );
}
