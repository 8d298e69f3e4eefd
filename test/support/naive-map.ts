import { switchOf, type PortId } from '../../events/index.js';
import type { Fact } from './history.js';

interface NaiveClaim {
  readonly key: string;
  readonly prefix?: string;
  readonly customer?: string;
  /** Index of the fact after which the claim was there first, without a break since. */
  readonly since: number;
}
type Values = Record<string, string | number | boolean | undefined>;
interface NaiveServer {
  readonly alive: boolean;
  readonly removed: boolean;
  readonly values: Values;
  readonly addOns: ReadonlyMap<string, string | undefined>;
  readonly prefixes: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
}

/**
 * The laws read naively: all facts so far, sorted by time, those before the latest removal left out, told in order.
 * Slow and obviously right; the projections are held against it. Times must differ.
 */
export function naiveLines(facts: readonly Fact[]): string[] {
  let line = new Map<string, NaiveClaim[]>();
  for (let count = 1; count <= facts.length; count++) line = nextLine(facts.slice(0, count), line, count - 1);
  return serverIdsOf(facts)
    .map((id) => describeServer(id, serverAfter(facts, id), line))
    .sort();
}

/** The claims of each server after these facts, each with its place in line. */
export function naiveClaims(facts: readonly Fact[]): ReadonlyMap<string, readonly NaiveClaim[]> {
  let line = new Map<string, NaiveClaim[]>();
  for (let count = 1; count <= facts.length; count++) line = nextLine(facts.slice(0, count), line, count - 1);
  return line;
}

const idOf = (fact: Fact): string | undefined => (fact.data as { serverId?: string }).serverId;

function serverIdsOf(facts: readonly Fact[]): string[] {
  return [...new Set(facts.flatMap((fact) => idOf(fact) ?? []))];
}

function serverAfter(facts: readonly Fact[], id: string): NaiveServer {
  const own = facts.filter((fact) => idOf(fact) === id).sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
  const removal = own.findLastIndex((fact) => fact.type === 'ServerRemoved');
  const values: Values = {};
  const addOns = new Map<string, string | undefined>();
  const allocated = new Map<string, string | undefined>();
  const prefixes = new Set<string>();
  const orders = new Set<string>();
  const chosen = new Map<string, { readonly prefix: string; readonly customerId: string }>();
  const others = new Set<string>();
  let alive = false;
  for (const { type, data } of own.slice(removal + 1)) {
    const said = data as Values & { addOnId: string; orderId: string; address?: string; prefix: string };
    if (type === 'ServerAdded') alive = true;
    if (type === 'ServerAdded' && said['enrolment'] !== undefined) values['enrolment'] = said['enrolment'];
    if (type === 'ServerMacEnrolled') values['enrolled'] = said['mac'];
    if (type === 'ServerMacAdded') others.add(String(said['mac']));
    if (type === 'ServerMacRemoved') others.delete(String(said['mac']));
    if (type.startsWith('ServerMac')) continue;
    if (type === 'ServerSuspended') values['suspended'] = true;
    if (type === 'ServerResumed') values['suspended'] = false;
    if (type === 'Ipv4AddOnBought') addOns.set(said.addOnId, said.address);
    if (type === 'Ipv4AddOnCancelled') addOns.delete(said.addOnId);
    if (type === 'Ipv4AddressAllocated') allocated.set(said.addOnId, said.address);
    if (type === 'Ipv6PrefixOrdered') orders.add(said.orderId);
    if (type === 'Ipv6PrefixOrderCancelled') orders.delete(said.orderId);
    if (type === 'Ipv6PrefixAllocated') {
      chosen.set(said.orderId, { prefix: said.prefix, customerId: String(said['customerId']) });
      continue;
    }
    if (type === 'Ipv6PrefixAssigned') prefixes.add(said.prefix);
    if (type === 'Ipv6PrefixReleased') prefixes.delete(said.prefix);
    for (const name of ['customerId', 'port', 'vlan', 'mac', 'linkLocal']) if (name in said) values[name] = said[name];
  }
  for (const id of [...orders].sort()) {
    const one = chosen.get(id);
    if (one !== undefined && one.customerId === values['customerId']) prefixes.add(one.prefix);
  }
  for (const [id, address] of addOns) if (address === undefined) addOns.set(id, allocated.get(id));
  if (values['enrolment'] !== undefined) values['mac'] ??= values['enrolled'];
  return { alive, removed: removal >= 0, values, addOns, prefixes, others };
}

function nextLine(facts: readonly Fact[], before: Map<string, NaiveClaim[]>, now: number): Map<string, NaiveClaim[]> {
  const after = new Map<string, NaiveClaim[]>();
  for (const id of serverIdsOf(facts)) {
    const server = serverAfter(facts, id);
    if (!server.alive) continue;
    const since = (key: string) => before.get(id)?.find((claim) => claim.key === key)?.since ?? now;
    const customer = String(server.values['customerId']);
    const keys = [
      ...placeClaims(server),
      ...[...server.addOns.values()].flatMap((one) => (one ? [`ipv4 ${one}`] : [])),
    ];
    after.set(id, [
      ...[...new Set(keys)].map((key) => ({ key, since: since(key) })),
      ...[...server.prefixes].map((prefix) => ({
        key: `prefix ${prefix}`,
        prefix,
        customer,
        since: since(`prefix ${prefix}`),
      })),
    ]);
  }
  return after;
}

function placeClaims({ values }: NaiveServer): string[] {
  const [port, vlan, mac] = [values['port'], values['vlan'], values['mac']];
  if (port === undefined || vlan === undefined) return [];
  const place = `${switchOf(port as PortId)}/${String(vlan)}`;
  return mac === undefined ? [`vlan ${place}`] : [`vlan ${place}`, `mac ${place}/${String(mac)}`];
}

/** The first in line among the claims of others that this one must wait for. */
function blocker(id: string, claim: NaiveClaim, line: ReadonlyMap<string, readonly NaiveClaim[]>): string | undefined {
  const earlier = [...line]
    .filter(([other]) => other !== id)
    .flatMap(([other, claims]) => claims.map((one) => ({ other, one })))
    .filter(({ one }) => one.since < claim.since && inConflict(one, claim))
    .sort((a, b) => a.one.since - b.one.since);
  return earlier[0]?.other;
}

function inConflict(a: NaiveClaim, b: NaiveClaim): boolean {
  if (a.prefix === undefined || b.prefix === undefined || a.key === b.key) return a.key === b.key;
  return a.customer !== b.customer && overlap(a.prefix, b.prefix);
}

function overlap(a: string, b: string): boolean {
  const [first, second] = [bitsOf(a), bitsOf(b)];
  return first.startsWith(second) || second.startsWith(first);
}

/** The network bits of a prefix as text; only for spellings that end in `::`. */
function bitsOf(prefix: string): string {
  const [address = '', length = ''] = prefix.split('/');
  const groups = address.replace(/::$/, '').split(':');
  const bits = groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
  return bits.padEnd(128, '0').slice(0, Number(length));
}

function describeServer(id: string, server: NaiveServer, line: ReadonlyMap<string, readonly NaiveClaim[]>): string {
  const claims = line.get(id) ?? [];
  const held = new Map(claims.map((claim) => [claim.key, blocker(id, claim, line)]));
  const { values, alive } = server;
  const mark = (key: string): string => (held.get(key) === undefined ? '' : `!${held.get(key)}`);
  return JSON.stringify({
    id,
    state: stateOf(server, held),
    customer: values['customerId'],
    port: values['port'],
    vlan: values['vlan'],
    mac: values['mac'],
    otherMacs: alive ? [...server.others].sort() : [],
    ownLinkLocal: values['linkLocal'],
    addresses: alive
      ? [...server.addOns].flatMap(([addOn, one]) => (one ? [`${addOn} ${one}${mark(`ipv4 ${one}`)}`] : [])).sort()
      : [],
    prefixes: alive ? [...server.prefixes].map((one) => `${one}${mark(`prefix ${one}`)}`).sort() : [],
  });
}

function stateOf(server: NaiveServer, held: ReadonlyMap<string, string | undefined>): string {
  if (!server.alive) return server.removed ? 'removed' : 'pending';
  const [vlan, mac] = placeClaims(server);
  if (vlan === undefined) return 'pending';
  if (held.get(vlan) !== undefined) return 'conflicted';
  if (mac === undefined) return 'pending';
  if (held.get(mac) !== undefined) return 'conflicted';
  return server.values['suspended'] === true ? 'suspended' : 'active';
}
