import { CliError, type Command, exitCode } from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import { textTable } from '../cli/text-table.js';
import type { Room } from '../reactors/headroom.js';
import type { CapacityAnswer, CapacityRow } from './capacity.js';

/** `portledger capacity`: what is left before a device is full. */
export const capacityCommand: Command = {
  usage: ['portledger capacity   sites, switches and devices: held, sold, left'],
  notes: [
    'HELD is on the device now, SOLD is granted and not on it yet, LEFT may still be sold. Limits come from the configuration.',
    'Levels: ok, high (from 70 %), critical (85 %), full (what does not fit waits), unknown (no limit is configured).',
  ],
  exitCodes: ['unreachable'],
  options: engineOptions,
  run: async ({ options, positionals, io }) => {
    if (positionals.length > 0) throw new CliError(exitCode.usage, `"${positionals.join(' ')}" is too much.`);
    const answer = (await EngineClient.from(options, io).get('/v1/capacity')) as CapacityAnswer;
    io.out(options.flag('json') ? `${JSON.stringify(answer)}\n` : `${renderCapacity(answer)}\n`);
    return exitCode.ok;
  },
};

const header = ['PLACE', 'WHAT', 'LEVEL', 'HELD', 'SOLD', 'LIMIT', 'LEFT'];

function renderCapacity({ sites, switches, devices }: CapacityAnswer): string {
  if (devices.length === 0) return 'This engine drives no device: name some under gateways in its configuration.';
  const rows = [
    ...sites.flatMap((row) => rowsOf(`site ${row.site}${row.enabled ? '' : ' (not enabled)'}`, row)),
    ...switches.flatMap((row) => rowsOf(`switch ${row.switch ?? ''}`, row)),
    ...devices.flatMap((row) => rowsOf(`device ${row.device ?? ''}${row.known ? '' : ' (not read yet)'}`, row)),
  ];
  return textTable([header, ...rows]);
}

function rowsOf(place: string, { neighbours, routes }: CapacityRow): string[][] {
  return [roomRow(place, 'neighbours', neighbours), roomRow(place, 'routes', routes)];
}

function roomRow(place: string, what: string, { level, used, pending, limit, free }: Room): string[] {
  return [place, what, level, String(used), String(pending), String(limit ?? ''), String(free ?? '')];
}
