import { CliError, type Command, exitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { printable, shortInstant, textTable } from '../../cli/text-table.js';
import type { DelegationView, PoolsAnswer, PoolView, WaitingView } from './pool-views.js';

/** `portledger pools`: how full the pools of addresses and the prefixes of customers are, when they will be empty, and who waits. */
export const poolsCommand: Command = {
  usage: [
    'portledger pools [list]       every pool, the prefixes of customers, and who waits',
    'portledger pools show POOL    one pool',
    'portledger pools customer ID  the prefixes of one customer, in /64s',
  ],
  notes: [
    'TAKEN is claimed by servers, COOLING was given back and is kept from others for a while (allocation.coolDownDays),',
    'KEPT is never handed out: network, broadcast, reserved and gateway addresses, and what servers of others have of it.',
    'FOR says what a pool of prefixes is counted in; prefixes of customers are counted in /64s.',
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
  if (verb === 'customer' && pool !== undefined && more.length === 0)
    return `/v1/pools?customer=${encodeURIComponent(pool)}`;
  throw new CliError(exitCode.usage, 'pools: expected list, show and the id of a pool, or customer and its id.');
}

const header = ['POOL', 'PREFIX', 'SITE', 'FOR', 'SIZE', 'TAKEN', 'COOLING', 'KEPT', 'FREE', 'A DAY', 'EMPTY'];

function render({ pools, delegations, furtherCustomers, waiting }: PoolsAnswer): string {
  const none = 'No pool was added: publish AddressPoolAdded (scope operator).';
  return [
    pools.length === 0 ? none : textTable([header, ...pools.map(rowOf)]),
    ...delegationsText(delegations),
    ...(furtherCustomers === 0 ? [] : [`and of ${furtherCustomers} further customers: portledger pools customer ID`]),
    ...waitingText(waiting),
  ].join('\n');
}

function rowOf({ poolId, state, prefix = '', site = '', purpose = '', countedLength, use }: PoolView): string[] {
  const counted = countedLength === undefined ? purpose : `${purpose}, /${countedLength}s`;
  return [poolId, prefix, site, state === 'retired' ? 'retired' : counted, ...figuresOf(use)];
}

function figuresOf(use: PoolView['use']): string[] {
  if (use === undefined) return ['', '', '', '', '', '', ''];
  const { size, taken, cooling, keptBack, free, forecast } = use;
  const { netUsePerDay, emptyAt } = forecast;
  const counts = [size, taken, cooling, keptBack, free].map(String);
  return [...counts, netUsePerDay.toFixed(2), free === 0 ? 'now' : emptyAt === undefined ? '-' : whenEmpty(emptyAt)];
}

/** What lies further ahead is no forecast any more. */
const farMs = 10 * 365 * 86_400_000;

function whenEmpty(emptyAt: string): string {
  return Date.parse(emptyAt) - Date.now() > farMs ? 'after 10 years' : shortInstant(emptyAt);
}

function delegationsText(delegations: readonly DelegationView[]): string[] {
  if (delegations.length === 0) return [];
  const rows = delegations.map(({ customerId, prefix, orderId, use, heldBy }) => [
    ...[customerId, prefix, orderId ?? 'by name', heldBy === undefined ? 'in use' : `waits for ${heldBy}`],
    ...figuresOf(use),
  ]);
  return ['', textTable([['CUSTOMER', 'PREFIX', 'ORDER', 'STATE', ...header.slice(4)], ...rows])];
}

function waitingText(waiting: readonly WaitingView[]): string[] {
  if (waiting.length === 0) return ['', 'Nobody waits for an address or a prefix.'];
  const rows = waiting.map(({ serverId, customerId, addOnId, orderId, boughtAt, reason }) => [
    ...[serverId ?? customerId ?? '', addOnId ?? orderId ?? '', shortInstant(boughtAt), reason],
  ]);
  return [
    '',
    printable(`Waiting for an address or a prefix: ${waiting.length}`),
    textTable([['SERVER OR CUSTOMER', 'ADD-ON OR ORDER', 'SOLD', 'WHY'], ...rows]),
  ];
}
