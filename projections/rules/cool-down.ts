import type { Observation } from '../observation.js';
import { isTableRow, offenderOf } from './attribution.js';
import type { Former, Grants } from './rule.js';
import { arpTableAgeMs, leaseGraceMs } from './thresholds.js';

/** The last grant of the claimed address that ended, where the address is sold to nobody now. */
export function formerGrantOf(observation: Observation, grants: Grants): Former | undefined {
  const { claimedAddress } = observation;
  return claimedAddress === undefined ? undefined : grants.formerOwnersOfAddress(claimedAddress)[0];
}

/**
 * True while the server that had the claimed address may still use it honestly: a lease given before the end runs on,
 * and an ARP table keeps what it learned before.
 */
export function isCoolingDown(observation: Observation, grants: Grants): boolean {
  const former = formerGrantOf(observation, grants);
  if (former === undefined) return false;
  const sinceMs = observation.frameTime - former.endedAt;
  if (isTableRow(observation)) return sinceMs <= arpTableAgeMs;
  return sinceMs <= leaseGraceMs && isFrom(former, observation, grants);
}

function isFrom({ server }: Former, observation: Observation, grants: Grants): boolean {
  const here = offenderOf(observation, grants);
  if (here !== undefined) return here.serverId === server.serverId;
  return observation.claimedMac === server.mac || server.otherMacs.some((mac) => mac === observation.claimedMac);
}
