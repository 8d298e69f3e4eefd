import type { ServerId } from '../events/index.js';
import type { NetworkMap } from './network-map.js';

/**
 * Ordinal of the event since which a server holds what a claim names, such as `ipv4 198.51.100.16`, without a break: its own
 * claim, or another server's letting go. Undefined while it waits, or claims no such thing.
 */
export function heldSince(map: NetworkMap, serverId: ServerId, key: string): number | undefined {
  const claim = map.assignments.get(serverId)?.claims.find((one) => one.key === key);
  if (claim === undefined || map.claims.blockerOf(serverId, claim) !== undefined) return undefined;
  return Math.max(claim.since, map.claims.freedAt(serverId, claim) ?? -1);
}
