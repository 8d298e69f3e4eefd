import type { Observation } from '../observation.js';

/** Names one address on one VLAN: the same link-local on two VLANs is no conflict. */
export function claimKey({ switch: switchName, vlan }: Observation, address: string): string {
  return `${switchName} ${vlan ?? '-'} ${address}`;
}
