import { isLinkLocal } from '../../events/index.js';
import type { Route } from '../drivers/bgp/bgp.port.js';
import type { NeighbourEntry } from '../drivers/switch/switch.port.js';

/** A neighbour entry in our own notation: what plans, the journal and the audit show. */
export function neighbourLine(entry: NeighbourEntry): string {
  return `neighbour ${entry.address} ${entry.interface} ${entry.mac}`;
}

/** A route in our own notation. */
export function routeLine(route: Route): string {
  const target = route.family === 'ipv6' ? `via ${route.nextHop} ` : '';
  return `route ${destinationOf(route)} ${target}${route.interface} med ${route.med}${communities(route)}`;
}

/** The communities as a set: in one order, none twice. */
function communities({ communities: all = [] }: Route): string {
  const texts = [...new Set(all.map((community) => community.join(':')))];
  return texts.length === 0 ? '' : ` communities ${texts.sort().join(' ')}`;
}

/** What a route leads to; a device has at most one route of ours for it. */
export function destinationOf(route: Route): string {
  return route.family === 'ipv6' ? route.prefix : `${route.address}/32`;
}

/** Tells routes of a device apart as `destinationOf` does, without making a new text: no prefix is spelled like an address. */
export function targetOf(route: Route): string {
  return route.family === 'ipv6' ? route.prefix : route.address;
}

/** Whether two routes have one `routeLine`. */
export function isSameRoute(one: Route, other: Route): boolean {
  if (one.interface !== other.interface || one.med !== other.med) return false;
  if (one.communities !== other.communities && communities(one) !== communities(other)) return false;
  if (one.family === 'ipv6')
    return other.family === 'ipv6' && one.prefix === other.prefix && one.nextHop === other.nextHop;
  return other.family === 'ipv4' && one.address === other.address;
}

/** Where the entry hangs that a route of ours leans on. */
export function placeOfRoute(route: Route): Pick<NeighbourEntry, 'interface' | 'address'> {
  return { interface: route.interface, address: route.family === 'ipv6' ? route.nextHop : route.address };
}

/** Where an entry hangs: a device has at most one MAC for it. */
export function entryKey(entry: Pick<NeighbourEntry, 'interface' | 'address'>): string {
  return `${entry.interface} ${entry.address}`;
}

/** The neighbour entry a route of ours leans on. */
export function entryOfRoute(route: Route): string {
  return `${route.interface} ${route.family === 'ipv6' ? route.nextHop : route.address}`;
}

export function isLinkLocalEntry(entry: NeighbourEntry): boolean {
  return isLinkLocal(entry.address);
}
