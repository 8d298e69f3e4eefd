import { printable, textTable } from '../cli/text-table.js';
import type { RaStatus } from '../reactors/ra-status.js';
import { renderTroubles } from './render-part.js';

const daemons: Readonly<Record<RaStatus['daemon'], string>> = {
  loaded: 'radvd runs and has read the file',
  running: 'radvd runs and was not proved to have read the file',
  stopped: 'radvd IS NOT RUNNING',
  unknown: 'radvd was not looked at yet',
};

/** Every interface with router advertisements, a line each, below what is wrong with them. */
export function renderRa(status: RaStatus): string {
  const { device, mode, state, daemon, advertised, withheld } = status;
  const rows = advertised.map((one) => [printable(one.interface), one.serverId ?? '-', one.router]);
  return [
    `Router advertisements of ${printable(device)}: mode ${mode}, ${state}; ${daemons[daemon]}`,
    ...renderTroubles('ra', status),
    '',
    ...(rows.length === 0 ? ['Nothing is advertised.'] : [textTable([['INTERFACE', 'SERVER', 'FROM'], ...rows])]),
    ...(withheld.length === 0 ? [] : ['', 'Not advertised:']),
    ...withheld.map(({ serverId, what, reason }) => `  ${serverId} ${printable(what)}: ${printable(reason)}`),
  ].join('\n');
}
