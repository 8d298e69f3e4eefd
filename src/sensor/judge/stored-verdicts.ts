import type { NetworkMap } from '../../../projections/index.js';
import type { StoredVerdicts } from './judge-limits.js';

/** What the map remembers of earlier verdicts. */
export function storedVerdicts(map: NetworkMap): StoredVerdicts {
  return {
    isViolation: (violationId) => map.violations.get(violationId) !== undefined,
    lastSeen: (port, vlan) => map.seenMacs.get(port)?.sightings.find((one) => one.vlan === vlan)?.mac,
  };
}
