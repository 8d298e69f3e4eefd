import { contractOf, type EventType } from '../../events/index.js';
import type { AppendRequest, EventStore } from '../../src/event-store/event-store.port.js';

export interface LogSize {
  readonly events: number;
  readonly servers: number;
}

interface Fact {
  readonly type: EventType;
  readonly data: Record<string, unknown>;
}

const portsPerSwitch = 40;
const appendsAtOnce = 4_000;
const firstTime = Date.parse('2024-01-01T00:00:00.000Z');
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/**
 * Fills an empty log with the life of a hosting company, the same every time: a gateway for each switch, each server sold
 * with a /48, an IPv4 address and a link; then NICs replaced, servers moved, add-ons and prefixes coming and going,
 * links flapping, MACs seen and violations, one after another until the log has its size.
 */
export async function generateLog(
  store: EventStore,
  size: LogSize,
  onWritten: (events: number) => void = () => {},
): Promise<void> {
  let requests: AppendRequest[] = [];
  let made = 0;
  let before: Promise<void> = Promise.resolve();
  const flush = async (batch: readonly AppendRequest[], upTo: number): Promise<void> => {
    const stored = await store.appendNew(batch);
    if (stored === undefined) throw new Error('The generated log was not stored: the store has events of it already');
    onWritten(upTo);
  };
  for (const fact of history(size)) {
    if (made === size.events) break;
    requests.push(requestOf(fact, made++));
    if (requests.length < appendsAtOnce) continue;
    // While one batch is made durable the next one is made.
    await before;
    before = flush(requests, made);
    requests = [];
  }
  await before;
  if (requests.length > 0) await flush(requests, made);
}

/** The fact as the log takes it; `ordinal` makes its id and its time. */
export function requestOf({ type, data }: Fact, ordinal: number): AppendRequest {
  const stream = contractOf(type)?.stream?.(data);
  if (stream === undefined) throw new Error(`${type} names no stream`);
  const id = `00000000-0000-5000-8000-${hex(ordinal, 12)}`;
  const time = new Date(firstTime + ordinal * 200).toISOString();
  const metadata = { source: 'urn:bench:billing', sourceId: `fact-${ordinal}`, schemaVersion: 1, time };
  return { stream, expected: 'any', events: [{ id, type, data, metadata }] };
}

function* history({ servers }: LogSize): Generator<Fact> {
  yield* soldServers(servers);
  const next = pseudoRandom(20_240_101);
  for (let turn = 0; ; turn++) yield* change(Math.floor(next() * servers), turn, next());
}

/** The first part of the log: so many servers sold, and the gateways of their switches. */
export function* soldServers(servers: number): Generator<Fact> {
  for (let server = 0; server < servers; server++) {
    if (server % portsPerSwitch === 0) yield gateway(server / portsPerSwitch);
    yield* sold(server);
  }
}

/** What a server was sold at first, as the log spells it. */
export function namesOf(server: number): Readonly<Record<'mac' | 'port' | 'prefix' | 'address', string>> {
  return { mac: mac(server, 0), port: place(server).port, prefix: prefix(server, 0), address: address(server) };
}

function gateway(number: number): Fact {
  return {
    type: 'GatewayDeclared',
    data: { switch: `leaf${number}`, addresses: ['fe80::1', '198.51.100.1'], macs: ['02:00:5e:00:00:01'] },
  };
}

function* sold(server: number): Generator<Fact> {
  const serverId = `srv-${server}`;
  const customerId = `cust-${server >>> 2}`;
  yield { type: 'ServerAdded', data: { serverId, customerId, ...place(server), mac: mac(server, 0) } };
  yield { type: 'Ipv6PrefixAssigned', data: { serverId, prefix: prefix(server, 0) } };
  yield { type: 'Ipv4AddOnBought', data: { serverId, addOnId: 'ip-0', address: address(server), ...price } };
  yield { type: 'LinkUp', data: { port: place(server).port } };
}

const price = { monthlyPriceMinor: 250, currency: 'EUR' };

/** What happens to one server on an ordinary day; `chance` (0 to 1) picks which. */
function* change(server: number, turn: number, chance: number): Generator<Fact> {
  const serverId = `srv-${server}`;
  const { port, vlan } = place(server);
  if (chance < 0.2) yield { type: 'ServerNicReplaced', data: { serverId, mac: mac(server, turn) } };
  else if (chance < 0.3) yield { type: 'ServerMoved', data: { serverId, ...movedPlace(server, turn) } };
  else if (chance < 0.4) yield { type: 'Ipv6PrefixAssigned', data: { serverId, prefix: prefix(server, 1) } };
  else if (chance < 0.45) yield { type: 'Ipv6PrefixReleased', data: { serverId, prefix: prefix(server, 1) } };
  else if (chance < 0.55) {
    yield { type: 'Ipv4AddOnBought', data: { serverId, addOnId: `ip-${turn}`, ...price } };
    yield { type: 'Ipv4AddOnCancelled', data: { serverId, addOnId: `ip-${turn}` } };
  } else if (chance < 0.6) {
    yield { type: 'ServerSuspended', data: { serverId, reason: 'unpaid' } };
    yield { type: 'ServerResumed', data: { serverId, reason: 'paid' } };
  } else if (chance < 0.85) {
    yield { type: 'LinkDown', data: { port } };
    yield { type: 'LinkUp', data: { port } };
  } else if (chance < 0.95) yield { type: 'MacSeen', data: { port, vlan, mac: mac(server, 0) } };
  else yield* violation(server, turn);
}

function* violation(server: number, turn: number): Generator<Fact> {
  const { port, vlan } = place(server);
  const violationId = `v-${turn}`;
  const frameTime = new Date(firstTime + turn * 1_000).toISOString();
  const forged = mac(server, turn);
  const about = { rule: 'address-spoof', ruleVersion: 1, severity: 'high', observation: 'arp-reply', frameTime };
  const heard = { sensor: 'leaf-sensor', attribution: 'interface', site: 'default', etherSource: forged };
  const claimed = { claimedMac: forged, claimedAddress: address(server), victimServerId: `srv-${server}` };
  const detail = `${forged} claims ${address(server)}, which was sold to srv-${server}.`;
  const where = { switch: port.slice(0, port.indexOf(':')), port, vlan };
  yield { type: 'ViolationDetected', data: { violationId, ...about, ...heard, ...where, ...claimed, detail } };
  yield {
    type: 'ViolationRepeated',
    data: { violationId, count: 40, firstFrameTime: frameTime, lastFrameTime: frameTime },
  };
}

function place(server: number): { port: string; vlan: number } {
  const unit = server % portsPerSwitch;
  return { port: `leaf${(server - unit) / portsPerSwitch}:Ethernet${unit}`, vlan: 100 + unit };
}

/** A spare port of the same switch that no server was sold. */
function movedPlace(server: number, turn: number): { port: string; vlan: number } {
  const { port, vlan } = place(server);
  return turn % 2 === 0 ? { port, vlan } : { port: `${port}/b`, vlan: vlan + 1_000 };
}

function mac(server: number, generation: number): string {
  const digits = `52${hex(generation & 0xffff, 4)}${hex(server, 6)}`;
  return digits.replace(/(..)(?=.)/g, '$1:');
}

function prefix(server: number, number: number): string {
  return `2a0${number}:${hex((server >>> 12) + 1, 1)}:${hex((server & 0xfff) + 1, 1)}::/48`;
}

function address(server: number): string {
  return `10.${server >>> 16}.${(server >>> 8) & 255}.${server & 255}`;
}

/** Numbers from 0 to 1 that look random and are the same at every run (mulberry32). */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
