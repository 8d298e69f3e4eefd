import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { keyOf } from '../keys.js';
import { memo } from '../memo.js';
import { pathOf } from '../place.js';
import { shortText } from '../shown-text.js';
import type { FrontPort } from './front.js';
import { type ArrowKey, arrowKeys, type MetalGroup, portBeside } from './metal.js';
import { type PortState, symbols, titles } from './port-states.js';

interface GridProps {
  readonly label: string;
  readonly groups: readonly MetalGroup[];
  readonly ports: ReadonlyMap<string, FrontPort>;
  /** The states in sight; empty: all. */
  readonly states: readonly PortState[];
  /** The port that Tab comes to. */
  readonly current: string;
  /** The reader points at a port, or comes to it. */
  readonly onLook: (name: string, how: 'point' | 'focus') => void;
  readonly onOpen: (port: string) => void;
}

/** The ports as they stand on the metal: one stop for Tab, arrow keys within. */
export function PortGrid({ label, groups, ports, states, current, onLook, onOpen }: GridProps): VNode {
  const grid = useRef<HTMLDivElement>(null);
  const pressed = (event: KeyboardEvent): void => {
    const key = keyOf(event);
    const name = nameAt(event.target);
    if (name === undefined || !isArrow(key)) return;
    event.preventDefault();
    event.stopPropagation();
    const next = portBeside(groups, name, key);
    grid.current?.querySelector<HTMLElement>(`[data-name="${CSS.escape(next)}"]`)?.focus();
  };
  const looked = (how: 'point' | 'focus') => (event: Event) => {
    const name = nameAt(event.target);
    if (name !== undefined) onLook(name, how);
  };
  const clicked = (event: MouseEvent): void => {
    const port = ports.get(nameAt(event.target) ?? '')?.port;
    if (port === undefined || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen(port);
  };
  return (
    <div
      class="port-grid"
      role="grid"
      aria-label={label}
      ref={grid}
      onKeyDown={pressed}
      onFocusIn={looked('focus')}
      onMouseOver={looked('point')}
      onClick={clicked}
    >
      {groups.map((group) => (
        <div key={group.key} class={`port-group${group.uplinks ? ' uplinks' : ''}`} role="rowgroup">
          {group.label !== undefined && (
            <span class="port-label" aria-hidden="true">
              {shortText(group.label, 40)}
            </span>
          )}
          {group.rows.map((row) => (
            <div key={row[0]} class="port-row" role="row">
              {row.map((name) => {
                const port = ports.get(name);
                if (port === undefined) return null;
                const isDimmed = states.length > 0 && !states.includes(port.state);
                return <PortCell key={name} port={port} isCurrent={name === current} isDimmed={isDimmed} />;
              })}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

interface CellProps {
  readonly port: FrontPort;
  readonly isCurrent: boolean;
  readonly isDimmed: boolean;
}

/** Drawn again only when its port is another: of 48 ports the one that changed. */
const PortCell = memo(({ port, isCurrent, isDimmed }: CellProps): VNode => {
  const { interface: name, state, servers, why } = port;
  const whose = servers[0] === undefined ? '' : `, ${servers[0].serverId}`;
  return (
    <div class="port-cell" role="gridcell">
      <a
        href={pathOf({ view: 'port', port: port.port })}
        class={`socket ${state}${isDimmed ? ' dimmed' : ''}`}
        data-name={name}
        tabIndex={isCurrent ? 0 : -1}
      >
        <span class="mark" aria-hidden="true">
          {symbols[state]}
        </span>
        <span class="number" aria-hidden="true">
          {shortNumber(name)}
        </span>
        <span class="hidden">{shortText(`${name}: ${titles[state]}${whose}, ${why}`, 200)}</span>
      </a>
    </div>
  );
});

/** What is printed beside a socket: the last numbers of its name. */
export function shortNumber(name: string): string {
  return shortText(/\d+(?:\/\d+)?$/.exec(name.replace(/^.*\/(?=\d+\/\d+$)/, ''))?.[0].replace(/^0\//, '') ?? name, 6);
}

const nameAt = (target: EventTarget | null): string | undefined =>
  target instanceof Element ? target.closest<HTMLElement>('[data-name]')?.dataset['name'] : undefined;
const isArrow = (key: string | undefined): key is ArrowKey => arrowKeys.some((one) => one === key);
