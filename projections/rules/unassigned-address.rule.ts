import { isLinkLocal } from '../../events/index.js';
import type { Observation } from '../observation.js';
import { isFromBoundMac, isGatewaysOwn, offenderOf, placeOf } from './attribution.js';
import type { Rule } from './rule.js';

/**
 * An address that billing sold to nobody is claimed.
 * Much of what honest systems say falls in here; it is let pass only when it comes from the MAC bound to the place.
 */
export const unassignedAddress: Rule = {
  name: 'unassigned-address',
  version: 1,
  severity: 'medium',
  mayBeInFlight: false,
  text: {
    summary: 'A server claims an address that billing sold to nobody.',
    normalTraffic: [
      'any link-local in fe80::/64 from the bound MAC on its own VLAN: EUI-64, random (RFC 7217) or hand-made',
      'the same link-local on different VLANs',
      'temporary addresses inside the sold prefix (RFC 8981)',
      'ARP from a private (RFC 1918) or 169.254.0.0/16 sender and the bound MAC: Linux picks any of its addresses, that of docker0 for one',
      'ARP probes (sender 0.0.0.0, RFC 5227) and solicitations from the unspecified address: they claim nothing',
      'duplicate address detection from the bound MAC (RFC 4862): it asks, and does not use the address yet',
      "the gateway's own frames, where a capture does not prove the port (mirror, uplink)",
    ],
    whatToDo: 'Tell the customer to remove the address, or sell it. Nothing of it works: no route leads there.',
    reference: 'RFC 5227, RFC 4862 section 5.4',
  },
  judge(observation, grants) {
    const { claimedAddress, claimedMac, vlan } = observation;
    if (claimedAddress === undefined || isGatewaysOwn(observation, grants)) return undefined;
    if (grants.ownerOfAddress(claimedAddress) !== undefined) return undefined;
    if (grants.isGatewayAddress(observation.switch, vlan, claimedAddress)) return undefined;
    if (isFromBoundMac(observation, grants) && isHarmless(observation, claimedAddress)) return undefined;
    return {
      detail: `${claimedMac} on ${placeOf(observation)} claims ${claimedAddress}, which is sold to nobody`,
      offendingMac: claimedMac,
      offender: offenderOf(observation, grants),
    };
  },
};

function isHarmless(observation: Observation, address: string): boolean {
  return observation.tentative || isLinkLocal(address) || isNeverRouted(address);
}

// RFC 1918 and RFC 3927: 10/8, 172.16/12, 192.168/16, 169.254/16.
const neverRouted = /^(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|169\.254\.)/;
const isNeverRouted = (address: string): boolean => neverRouted.test(address);
