import { isAlive } from './assignments.projection.js';
import type { NetworkMap } from './network-map.js';
import type { ViolationRow } from './violations.projection.js';

/**
 * What became of the question to billing whether it suspends an offender. Only billing's own facts say `suspended`,
 * `resumed`, `removed` and `refused`; until one does, it is `requested`.
 */
export interface Containment {
  readonly serverId: string;
  readonly state: 'requested' | 'suspended' | 'resumed' | 'removed' | 'refused';
  /** When billing was asked last, ms since 1970. */
  readonly requestedAt: number;
  /** Since when it is so, ms since 1970; absent for what has no time of its own. */
  readonly since?: number;
  /** Why billing will not. */
  readonly reason?: string;
}

/** Undefined for a violation for which nobody asked. */
export function containmentOf(
  map: Pick<NetworkMap, 'assignments'>,
  { containmentAt: requestedAt, containmentRefused: reason, offenderServerId: serverId }: ViolationRow,
): Containment | undefined {
  if (requestedAt === undefined || serverId === undefined) return undefined;
  const asked = { serverId, requestedAt };
  const server = map.assignments.get(serverId);
  if (server !== undefined && !isAlive(server) && server.removed !== undefined) return { ...asked, state: 'removed' };
  const { suspended } = server ?? {};
  if (suspended?.value === true) return { ...asked, state: 'suspended', since: suspended.time };
  if (reason !== undefined) return { ...asked, state: 'refused', reason };
  if (suspended !== undefined && suspended.time > requestedAt)
    return { ...asked, state: 'resumed', since: suspended.time };
  return { ...asked, state: 'requested' };
}
