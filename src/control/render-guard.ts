import { printable, textTable } from '../cli/text-table.js';
import type { GuardedPort, GuardHit, GuardKind, GuardStatus, RateBudget } from '../reactors/guard-status.js';
import { renderTroubles } from './render-part.js';

/** What was counted, for people; what a server does in the ordinary course of things says so. */
const meaning: Readonly<Record<GuardKind, string>> = {
  closed: 'from a port that is suspended or not sold',
  'gateway-mac': "from the gateway's own MAC: a loop, or somebody plays the gateway",
  'foreign-mac': 'from a MAC that is not bound to the port',
  'arp-gateway': 'ARP that says it is the gateway',
  'arp-mac': 'ARP with a MAC of somebody else inside',
  'arp-sender': 'ARP that speaks for an address that was not sold',
  'arp-private': 'ARP for a private address, as inner bridges leak it: ordinary',
  'arp-rate': 'more ARP questions for the gateway than the rate allows',
  'router-advertisement': 'router advertisements: somebody plays the router',
  redirect: 'ICMPv6 redirects',
  'na-gateway': 'neighbour advertisements for the address of the gateway',
  'gateway-source': 'packets from an address of the gateway',
  'foreign-source': 'packets from an address that was not sold (BCP 38)',
  'private-source': 'packets from a private address, as inner bridges leak them: ordinary',
  'nd-rate': 'more new IPv6 neighbours than the rate allows',
  'other-protocol': 'neither IP nor ARP, such as spanning tree: ordinary',
};

/** Every port of a guard, a line each, below what is wrong with it. */
export function renderGuard(status: GuardStatus): string {
  const { device, mode, modeFrom, state, ports, missing, rates } = status;
  const rows = ports.map((port) => [
    printable(port.ports.join(', ') || port.interface),
    printable(port.interface),
    port.serverId ?? '-',
    port.effect,
    port.closed === undefined ? 'open' : `closed: ${printable(port.closed)}`,
    String(port.seen),
    String(sumOf(port.hits)),
  ]);
  return [
    `Guard of ${printable(device)}: mode ${mode} (${printable(modeFrom)}), ${state}`,
    ...renderTroubles('guard', status),
    ...(missing.length === 0
      ? []
      : [`No interface ${missing.map(printable).join(', ')}: it is guarded when it is there.`]),
    '',
    ...(rows.length === 0
      ? ['No port was looked at yet.']
      : [textTable([['PORT', 'INTERFACE', 'SERVER', 'EFFECT', 'STATE', 'SEEN', 'NOT LET IN'], ...rows])]),
    '',
    `New neighbours: IPv4 ${budget(rates.arp)}; IPv6 ${budget(rates.nd)}`,
  ].join('\n');
}

/** One port: what it lets in, and what was counted under which name. */
export function renderGuardedPort(port: GuardedPort): string {
  const { ports, interface: name, serverId, mode, modeFrom, effect, rules, seen, hits } = port;
  const verb = effect === 'drops' ? 'dropped' : 'let in, and would be dropped';
  const rows = hits.map(({ kind, frames, bytes }) => [kind, String(frames), String(bytes), meaning[kind]]);
  return [
    `${printable(ports.join(', ') || name)} (${printable(name)})${serverId === undefined ? '' : ` of ${serverId}`}: mode ${mode} (${printable(modeFrom)}), ${effectWords[effect]}`,
    '',
    ...rules.map((rule) => `  ${printable(rule)}`),
    '',
    `${seen} frames came in, ${sumOf(hits)} of them ${verb}${rows.length === 0 ? '.' : ':'}`,
    ...(rows.length === 0 ? [] : [textTable([['KIND', 'FRAMES', 'BYTES', 'WHAT'], ...rows], '  ')]),
  ].join('\n');
}

const effectWords = {
  drops: 'it drops',
  counts: 'it counts and drops nothing',
  none: 'there is no guard on the device here',
} as const;

const sumOf = (hits: readonly GuardHit[]): number => hits.reduce((sum, { frames }) => sum + frames, 0);

function budget({ perPort, entries, tableSize, tableSizeRead }: RateBudget): string {
  const read = tableSizeRead ? '' : ', which is the default: the kernel did not tell';
  return `${perPort.rate}/s a port, ${perPort.burst} at once, ${entries} in all of a table of ${tableSize}${read}`;
}
