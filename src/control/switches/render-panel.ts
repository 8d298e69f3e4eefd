import { paint } from '../../cli/look.js';
import { printable, textTable } from '../../cli/text-table.js';
import type { PanelBlock } from './front-panel.js';
import { type PortState, portStates, type StateCounts } from './port-state.js';
import type { SwitchList } from './switch-list.js';
import type { SwitchPort } from './switch-ports.js';
import type { SwitchAnswer } from './switches.controller.js';

/** One character each, told apart without colour, and on any terminal. */
export const symbols: Readonly<Record<PortState, string>> = {
  violation: '!',
  frozen: '*',
  drift: '~',
  'push-pending': '>',
  'up-unsold': '?',
  'sold-down': 'v',
  'not-watched': 'o',
  matched: '=',
  free: '.',
};

const colours: Readonly<Record<PortState, 'added' | 'removed' | 'warned' | 'noted' | 'quiet'>> = {
  violation: 'removed',
  frozen: 'noted',
  drift: 'warned',
  'push-pending': 'noted',
  'up-unsold': 'warned',
  'sold-down': 'warned',
  'not-watched': 'noted',
  matched: 'added',
  free: 'quiet',
};

/** Ports beside each other; a terminal has 80 columns, and a port takes up to three. */
const columnsALine = 24;

/** All switches as a table, what is wrong in the columns. */
export function renderSwitches({ switches, totals, counted, of, next }: SwitchList): string {
  if (of === 0) return 'Nothing is known of any switch: billing named no port, and no device is configured.';
  const header = ['SWITCH', 'SITE', 'PORTS', ...portStates.map((state) => state.toUpperCase())];
  const cells = (counts: StateCounts): string[] => portStates.map((state) => String(counts[state] || ''));
  const rows = switches.map(({ switch: name, site, ports, counts }) => [name, site, String(ports), ...cells(counts)]);
  const sum = portStates.reduce((all, state) => all + totals[state], 0);
  const all = ['all', '', String(sum), ...cells(totals)];
  const more = next === undefined ? [] : [`The list goes on: --after ${printable(next)}`];
  const part = counted < of ? [`Counted so far: ${counted} of ${of} switches.`] : [];
  return [textTable([header, ...rows, all]), ...part, ...more].join('\n');
}

/** The front of one switch as it hangs in the rack, then what is not as it should be, line by line. */
export function renderPanel({ switch: name, site, devices, counts, panel, ports }: SwitchAnswer): string {
  const byName = new Map(ports.map((port) => [port.interface, port]));
  const boxes = devices.map(({ device, mode, state }) => `${device} ${mode}, ${state}`).join('; ');
  const title = `Switch ${printable(name)} (site ${printable(site)})${boxes === '' ? '' : `: ${printable(boxes)}`}`;
  const wrong = ports.filter(({ state }) => state !== 'matched' && state !== 'free');
  const header = ['', 'PORT', 'STATE', 'SERVER', 'CUSTOMER', 'WHY'];
  const lines = wrong.map(({ interface: port, state, servers: [server], why }) => [
    symbols[state],
    port,
    state,
    server?.serverId ?? '',
    server?.customerId ?? '',
    why,
  ]);
  return [
    paint(title, 'title'),
    '',
    ...panel.blocks.flatMap((block) => [...renderBlock(block, byName), '']),
    legend(counts),
    ...(lines.length === 0 ? [] : ['', textTable([header, ...lines])]),
  ].join('\n');
}

function renderBlock(block: PanelBlock, byName: ReadonlyMap<string, SwitchPort>): string[] {
  const [first, last] = [block.ports[0] ?? '', block.ports.at(-1) ?? ''];
  const title = `${block.label === undefined ? '' : `${block.label}: `}${first}${first === last ? '' : ` to ${last}`}`;
  const columns = Math.ceil(block.ports.length / block.rows);
  const lines: string[] = [`  ${printable(title)}`];
  for (let from = 0; from < columns; from += columnsALine) {
    const rows = Array.from({ length: block.rows }, (_, row) => row);
    for (const row of rows) {
      const cells = Array.from({ length: Math.min(columnsALine, columns - from) }, (_, column) => {
        const at = (from + column) * block.rows + row;
        const gap = column > 0 && ((from + column) * block.rows) % block.group === 0 ? '  ' : ' ';
        const port = byName.get(block.ports[at] ?? '');
        return `${gap}${port === undefined ? ' ' : paint(symbols[port.state], colours[port.state])}`;
      });
      lines.push(`  ${cells.join('')}`.trimEnd());
    }
  }
  return lines;
}

function legend(counts: StateCounts): string {
  return portStates
    .filter((state) => counts[state] > 0)
    .map((state) => `${paint(symbols[state], colours[state])} ${counts[state]} ${state}`)
    .join('   ');
}
