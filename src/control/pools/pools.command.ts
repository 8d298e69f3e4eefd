import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { printable, shortInstant, textTable } from '../../cli/text-table.js';
import type { PoolsAnswer, PoolView, WaitingView } from './pool-views.js';

/** `portledger pools`: how full the pools of addresses are, when they will be empty, and who waits for an address. */
export const poolsCommand: Command = {
  usage: [
    'portledger pools [list]       every pool, and the add-ons that wait for an address',
    'portledger pools show POOL    one pool',
  ],
  notes: [
    'TAKEN is claimed by servers, COOLING was given back and is kept from others for a while (allocation.coolDownDays),',
    'KEPT is never handed out: network, broadcast, reserved and gateway addresses.',
    'EMPTY is when the last one goes if addresses are taken as in the last 30 days; - where their number does not grow.',
  ],
  exitCodes: ['notFound', 'unreachable'],
  options: engineOptions,
  run: async ({ options, positionals, io }) => {
    const answer = (await EngineClient.from(options, io).get(pathOf(positionals))) as PoolsAnswer;
    io.out(options.flag('json') ? `${JSON.stringify(answer)}\n` : `${render(answer)}\n`);
    return exitCode.ok;
  },
};

function pathOf([verb = 'list', pool, ...more]: readonly string[]): string {
  if (verb === 'list' && pool === undefined) return '/v1/pools';
  if (verb === 'show' && pool !== undefined && more.length === 0) return `/v1/pools/${encodeURIComponent(pool)}`;
  throw new CliError(exitCode.usage, 'pools: expected list, or show and the id of one pool.');
}

const header = ['POOL', 'PREFIX', 'SITE', 'FOR', 'SIZE', 'TAKEN', 'COOLING', 'KEPT', 'FREE', 'A DAY', 'EMPTY'];

function render({ pools, waiting }: PoolsAnswer): string {
  if (pools.length === 0) return 'No pool was added: publish AddressPoolAdded (scope operator).';
  return [textTable([header, ...pools.map(rowOf)]), ...waitingText(waiting)].join('\n');
}

function rowOf({ poolId, state, prefix = '', site = '', purpose, use }: PoolView): string[] {
  const named = [poolId, prefix, site, state === 'retired' ? 'retired' : (purpose ?? '')];
  if (use === undefined) return [...named, '', '', '', '', '', '', ''];
  const { size, taken, cooling, keptBack, free, forecast } = use;
  const { netUsePerDay, emptyAt } = forecast;
  const counts = [size, taken, cooling, keptBack, free].map(String);
  return [
    ...named,
    ...counts,
    netUsePerDay.toFixed(2),
    free === 0 ? 'now' : emptyAt === undefined ? '-' : shortInstant(emptyAt),
  ];
}

function waitingText(waiting: readonly WaitingView[]): string[] {
  if (waiting.length === 0) return ['', 'No add-on waits for an address.'];
  const rows = waiting.map(({ serverId, addOnId, boughtAt, reason }) => [
    serverId,
    addOnId,
    shortInstant(boughtAt),
    reason,
  ]);
  return [
    '',
    printable(`Waiting for an address: ${waiting.length}`),
    textTable([['SERVER', 'ADD-ON', 'BOUGHT', 'WHY'], ...rows]),
  ];
}
