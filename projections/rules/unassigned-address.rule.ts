import { isLinkLocal } from '../../events/index.js';
import type { Observation } from '../observation.js';
import { isNeverRouted } from './private-ipv4.js';
import { isCoolingDown } from './cool-down.js';
import { isFromAllowedMac, isGatewaysOwn, isInfrastructure, offenderOf, placeOf } from './attribution.js';
import { Found, type Rule } from './rule.js';

/**
 * An address that billing sold to nobody is claimed.
 * Much of what honest systems say falls in here; it is let pass only when it comes from the MAC bound to the place.
 */
export const unassignedAddress: Rule = {
  name: 'unassigned-address',
  version: 2,
  severity: 'medium',
  mayBeInFlight: false,
  text: {
    summary: 'A server claims an address that billing sold to nobody.',
    example:
      'On `leaf1:Ethernet16` the bound MAC `52:54:00:00:00:16` sends a gratuitous ARP for `198.51.100.200`, which billing sold to nobody.',
    normalTraffic: [
      'any link-local in fe80::/64 from the bound MAC on its own VLAN: EUI-64, random (RFC 7217) or hand-made',
      'the same link-local on different VLANs',
      'temporary addresses inside the sold prefix (RFC 8981)',
      'ARP from a private (RFC 1918) or 169.254.0.0/16 sender and the bound MAC: Linux picks any of its addresses, that of docker0 for one',
      'ARP probes (sender 0.0.0.0, RFC 5227) and solicitations from the unspecified address: they claim nothing',
      'duplicate address detection from the bound MAC (RFC 4862): it asks, and does not use the address yet',
      'all of these from a MAC that billing named beside the bound one: a management controller, a bond member, VRRP',
      'an address given back a moment ago, from the server that had it, while its lease may still run',
      "in a device's table: rows of VLANs and ports that were sold to nobody (transit, management)",
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
    if (isHarmless(observation, claimedAddress) && isFromAllowedMac(observation, grants)) return undefined;
    if (isInfrastructure(observation, grants) || isCoolingDown(observation, grants)) return undefined;
    return new Found(
      claimedMac,
      () => `${claimedMac} on ${placeOf(observation)} claims ${claimedAddress}, which is sold to nobody`,
      offenderOf(observation, grants),
    );
  },
};

function isHarmless(observation: Observation, address: string): boolean {
  return observation.tentative || isLinkLocal(address) || isNeverRouted(address);
}
