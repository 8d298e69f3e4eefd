import type { AssignmentRow } from '../assignments.projection.js';
import type { NetworkMap } from '../network-map.js';

/** True where another server stands before this one in the line for a claim. @param key such as `ipv4 198.51.100.16` */
export function isClaimLost(map: NetworkMap, { serverId, claims }: AssignmentRow, key: string): boolean {
  const claim = claims.find((one) => one.key === key);
  return claim !== undefined && map.claims.blockerOf(serverId, claim) !== undefined;
}
