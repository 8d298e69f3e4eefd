import { type EventType, mapChangingTypes } from '../../events/index.js';
import type { LogFold } from '../../projections/index.js';
import { otherMacsOf } from '../../projections/macs.js';
import { isLater, type Stamp } from '../../projections/register.js';
import * as told from './history.js';
import { type Fact, fold } from './history.js';
import { rowsOf, withoutPositions } from './told.js';

/** What becomes of two facts that meet. */
export type Meeting = 'commutes' | 'later time wins' | 'first claim holds' | 'waits' | 'ignored';

/** A cell no class fits: the order of the log decided where it must not, or a value came from nowhere. */
export type Undefined = `undefined: ${string}`;

type Builder = (serverId: string, variant: 1 | 2, at: number) => Fact;

const port = (variant: number): string => `leaf1:Ethernet${variant}`;
const mac = (variant: number): string => `52:54:00:00:00:0${variant}`;
export const prefix = '2001:db8:1::/48';

/** One fact of each map-changing type; the two variants differ in every value the type can say twice. */
const builders: Readonly<Record<string, Builder>> = {
  ServerAdded: (id, n, at) =>
    told.serverAdded(
      id,
      { customerId: `c${n}`, port: port(n), vlan: 10 + n, mac: mac(n), linkLocal: `fe80::${n}` },
      at,
    ),
  ServerMoved: (id, n, at) => told.serverMoved(id, { port: port(n), vlan: 10 + n }, at),
  ServerNicReplaced: (id, n, at) => told.serverNicReplaced(id, { mac: mac(n) }, at),
  ServerTransferred: (id, n, at) => told.serverTransferred(id, { customerId: `c${n}` }, at),
  ServerSuspended: (id, _n, at) => told.serverSuspended(id, {}, at),
  ServerResumed: (id, _n, at) => told.serverResumed(id, {}, at),
  ServerRemoved: (id, _n, at) => told.serverRemoved(id, {}, at),
  ServerRecordCorrected: (id, n, at) =>
    told.serverRecordCorrected(
      id,
      { port: port(n), vlan: 10 + n, mac: mac(n), linkLocal: `fe80::${n}`, reason: 'typing error' },
      at,
    ),
  ServerMacAdded: (id, _n, at) => told.serverMacAdded(id, { mac: '52:54:00:00:02:01', purpose: 'bond' }, at),
  ServerMacRemoved: (id, _n, at) => told.serverMacRemoved(id, { mac: '52:54:00:00:02:01' }, at),
  ServerMacEnrolled: (id, n, at) =>
    told.serverMacEnrolled(id, { mac: `52:54:00:00:03:0${n}`, firstSeen: '2026-01-01T00:00:00Z' }, at),
  Ipv6PrefixAssigned: (id, _n, at) => told.ipv6PrefixAssigned(id, { prefix }, at),
  Ipv6PrefixReleased: (id, _n, at) => told.ipv6PrefixReleased(id, { prefix }, at),
  Ipv4AddOnBought: (id, n, at) => told.ipv4AddOnBought(id, { addOnId: 'a1', address: `198.51.100.${n}` }, at),
  Ipv4AddOnCancelled: (id, _n, at) => told.ipv4AddOnCancelled(id, { addOnId: 'a1' }, at),
  Ipv4AddressAllocated: (id, n, at) =>
    told.ipv4AddressAllocated(id, { addOnId: 'a1', address: `203.0.113.${n}`, poolId: 'v4-a' }, at),
  Ipv6PrefixOrdered: (id, _n, at) => told.ipv6PrefixOrdered(id, { orderId: 'o1' }, at),
  Ipv6PrefixOrderCancelled: (id, _n, at) => told.ipv6PrefixOrderCancelled(id, { orderId: 'o1' }, at),
  Ipv6PrefixAllocated: (id, n, at) =>
    told.ipv6PrefixAllocated(id, { orderId: 'o1', prefix: `2001:db8:9:${n}::/64`, customerId: `c${n}` }, at),
  GatewayDeclared: (_id, n, at) => told.gatewayDeclared('leaf1', { addresses: [`fe80::${n}`], macs: [mac(n)] }, at),
  GatewayRetired: (_id, _n, at) => told.gatewayRetired('leaf1', at),
};

export function build(type: EventType, serverId: string, variant: 1 | 2, at: number): Fact {
  const builder = builders[type];
  if (builder === undefined)
    throw new Error(`${type} changes the map and has no builder in the decision table: add it`);
  return builder(serverId, variant, at);
}

/** A server that is known already: everything it has was said at minute 1, in a spelling no variant repeats. */
const known = (id: string, number: number): Fact[] => [
  told.serverAdded(
    id,
    { customerId: `own${number}`, port: port(20 + number), vlan: 20 + number, mac: `52:54:00:00:01:0${number}` },
    1,
  ),
];

/** The registers as text, without what says when and where they were written. */
function registers(folded: LogFold): Record<string, unknown> {
  const row = folded.map.assignments.get('s1');
  const gateway = folded.map.gateways.get('leaf1');
  const plain = {
    alive: row?.added !== undefined,
    customer: row?.customer?.value,
    port: row?.port?.value,
    vlan: row?.vlan?.value,
    mac: row?.mac?.value,
    linkLocal: row?.linkLocal?.value,
    otherMac: row !== undefined && otherMacsOf(row).length > 0,
    enrolled: row?.enrolled !== undefined && isInForce(row.enrolled, row.removed) ? row.enrolled.value : undefined,
    suspended: row?.suspended?.value ?? false,
    addOn: row?.addOns.find((one) => one.value.state === 'bought')?.value,
    allocated: row?.allocated[0]?.value,
    prefix: row?.prefixes.some((one) => one.value) ?? false,
    order: row?.prefixOrders.some((one) => one.value) ?? false,
    allocatedPrefix: row?.allocatedPrefixes[0]?.value,
    gateway: gateway?.declaration.value,
  };
  return withoutPositions(plain) as Record<string, unknown>;
}

/** What was enrolled before a removal was taken away with the rest. */
const isInForce = (word: Stamp, removed: Stamp | undefined): boolean => removed === undefined || isLater(word, removed);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Two facts about one server that is known, the first earlier in time. */
export function meetKnown(first: EventType, second: EventType): Meeting | Undefined {
  return meetOnOne(known('s1', 1), first, second);
}

/** Two facts about one server of which nothing else was said, the first earlier in time. */
export function meetUnknown(first: EventType, second: EventType): Meeting | Undefined {
  return meetOnOne([], first, second);
}

function meetOnOne(base: readonly Fact[], first: EventType, second: EventType): Meeting | Undefined {
  const [a, b] = [build(first, 's1', 1, 5), build(second, 's1', 2, 6)];
  const inOrder = fold([...base, a, b]);
  if (!same(rowsOf(inOrder), rowsOf(fold([...base, b, a])))) return 'undefined: the order of the log decided';
  const turned = fold([...base, build(first, 's1', 1, 6), build(second, 's1', 2, 5)]);
  const [result, onlyFirst, onlySecond] = [inOrder, fold([...base, a]), fold([...base, b])].map(registers);
  const row = inOrder.map.assignments.get('s1');
  if (row !== undefined && base.length === 0 && row.added === undefined) {
    if (row.claims.length > 0) return 'undefined: a server that was not added claims something';
    if (second === 'ServerRemoved' && !second.startsWith('Gateway') && !first.startsWith('Gateway'))
      return same(result, onlySecond) ? 'ignored' : 'undefined: a removal left an earlier fact';
    return 'waits';
  }
  if (same(result, registers(turned))) return 'commutes';
  for (const [name, value] of Object.entries(result ?? {})) {
    const base_ = registers(fold(base))[name];
    const changedBySecond = !same(onlySecond?.[name], base_);
    const wanted = changedBySecond ? onlySecond?.[name] : undefined;
    if (changedBySecond && !same(value, wanted)) return `undefined: ${name} is not what the later fact says`;
    if (!changedBySecond && !same(value, onlyFirst?.[name]) && !same(value, base_))
      return `undefined: ${name} comes from nowhere`;
  }
  return 'later time wins';
}

/** A fact of the first server stored before one of the second, both claiming the same things where their types claim. */
export function meetOther(first: EventType, second: EventType): Meeting | Undefined {
  const base = [...known('s1', 1), ...known('s2', 2)];
  const outcomes = [
    [5, 6],
    [6, 5],
  ].map(([one = 5, two = 6]) => {
    const [a, b] = [build(first, 's1', 1, one), build(second, 's2', 1, two)];
    return { stored: conflictsOf(fold([...base, a, b])), swapped: conflictsOf(fold([...base, b, a])) };
  });
  const [{ stored, swapped } = { stored: [], swapped: [] }, other] = outcomes;
  const isGateways = first.startsWith('Gateway') && second.startsWith('Gateway');
  if (isGateways) return same(meetKnown(first, second), 'later time wins') ? 'later time wins' : 'commutes';
  if (!same(outcomes[0], other)) return 'undefined: time decided who holds a claim';
  if (stored.length === 0 && swapped.length === 0) return 'commutes';
  const firstHolds = stored.length > 0 && stored.every((one) => one.startsWith('s2 waits for s1'));
  const thenSwapped = swapped.length > 0 && swapped.every((one) => one.startsWith('s1 waits for s2'));
  return firstHolds && thenSwapped ? 'first claim holds' : `undefined: ${[...stored, ...swapped].join(', ')}`;
}

function conflictsOf({ map }: LogFold): string[] {
  return [...map.bindings()].flatMap((binding) =>
    binding.conflicts.map(({ claim, holder }) => `${binding.serverId} waits for ${holder}: ${claim}`),
  );
}

export interface Cell {
  readonly first: EventType;
  readonly second: EventType;
}

/** The types that can change the map: what billing and operators say, and what our own rooms add to a grant. */
export const meetingTypes: readonly EventType[] = [
  ...mapChangingTypes,
  'ServerMacEnrolled',
  'Ipv4AddressAllocated',
  'Ipv6PrefixAllocated',
];

/** Every ordered pair of them. */
export const pairs: readonly Cell[] = meetingTypes.flatMap((first) =>
  meetingTypes.map((second) => ({ first, second })),
);
