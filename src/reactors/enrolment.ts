import type { MacAddress, PortId, ServerId, StoredEvent, Vlan } from '../../events/index.js';
import { decodeEvent, switchOf } from '../../events/index.js';
import { macOf, type NetworkMap } from '../../projections/index.js';

/** How long after the first MAC at its place a server's own is looked for, ms. */
export const enrolmentWindowMs = 60_000;

/** A server whose sale asked for its MAC to be enrolled, and that has none. */
export interface Asked {
  readonly serverId: ServerId;
  readonly port: PortId;
  readonly vlan: Vlan;
  /** Since when it is sold at this place, ms since 1970: what was seen there before is not looked at. */
  readonly since: number;
  /** Of the ServerAdded that asked. */
  readonly askedAt: number;
}

/** A MAC seen at the server's place since the sale, and the first event that says so. */
export interface Candidate {
  readonly mac: MacAddress;
  /** ms since 1970. */
  readonly firstSeen: number;
  readonly eventId: string;
  /** The server that has this MAC by billing's word. */
  readonly claimedBy?: ServerId;
}

export type Decision =
  /** Nothing was seen yet, or the window is still open; then until when, ms since 1970. */
  | { readonly state: 'waiting'; readonly until?: number; readonly candidates: readonly Candidate[] }
  | { readonly state: 'enrolled'; readonly candidate: Candidate; readonly at: number }
  /** An operator must choose. */
  | { readonly state: 'undecided'; readonly candidates: readonly Candidate[] };

/** What a server asks for; undefined where it asks for nothing, has a MAC, or is at no place. */
export function askedBy(map: NetworkMap, serverId: string): Asked | undefined {
  const row = map.assignments.get(serverId);
  if (row?.added === undefined || row.enrolment === undefined || macOf(row) !== undefined) return undefined;
  const { port, vlan, enrolment } = row;
  if (port === undefined || vlan === undefined) return undefined;
  const since = Math.max(enrolment.time, port.time, vlan.time);
  return { serverId: row.serverId, port: port.value, vlan: vlan.value, since, askedAt: enrolment.ordinal };
}

/**
 * The MACs seen at the place since the sale, each with its first sighting, oldest first; without those of the gateway, and
 * those that billing allows beside the server's own.
 */
export function candidatesAmong(map: NetworkMap, asked: Asked, sightings: readonly StoredEvent[]): Candidate[] {
  const { serverId, port, vlan, since } = asked;
  const expected = [...(map.gatewayOf(switchOf(port), vlan)?.macs ?? []), ...(map.binding(serverId)?.otherMacs ?? [])];
  const first = new Map<MacAddress, Candidate>();
  for (const stored of sightings) {
    const decoded = decodeEvent(stored);
    if (!decoded.readable || decoded.event.type !== 'MacSeen') continue;
    const { data, time, id } = decoded.event;
    if (data.vlan !== vlan || time < since || expected.includes(data.mac)) continue;
    const known = first.get(data.mac);
    if (known === undefined || time < known.firstSeen)
      first.set(data.mac, { mac: data.mac, firstSeen: time, eventId: id, ...claimed(map, serverId, data.mac) });
  }
  return [...first.values()].sort((a, b) => a.firstSeen - b.firstSeen);
}

function claimed(map: NetworkMap, serverId: ServerId, mac: MacAddress): { readonly claimedBy?: ServerId } {
  const isOthers = (id: ServerId): boolean => id !== serverId && map.assignments.get(id)?.added !== undefined;
  const other = map.bindingsOfMac(mac).find((binding) => isOthers(binding.serverId));
  return other === undefined ? {} : { claimedBy: other.serverId };
}

/**
 * One MAC that nobody else claims is the server's once the window is over: it begins with the first MAC seen there after
 * the sale. More than one, or one that is another server's, is for an operator to settle.
 * @param now ms since 1970
 */
export function decide(candidates: readonly Candidate[], now: number): Decision {
  const [first, ...others] = candidates;
  if (first === undefined) return { state: 'waiting', candidates };
  if (others.length > 0 || first.claimedBy !== undefined) return { state: 'undecided', candidates };
  const until = first.firstSeen + enrolmentWindowMs;
  return now < until ? { state: 'waiting', until, candidates } : { state: 'enrolled', candidate: first, at: until };
}
