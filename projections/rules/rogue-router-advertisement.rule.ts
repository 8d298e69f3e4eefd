import { isGatewaysOwn, offenderOf, placeOf } from './attribution.js';
import { Found, type Rule } from './rule.js';

/**
 * A router advertisement that the gateway did not send (RFC 6104, RFC 6105 RA Guard).
 * The gateway is the only router of its VLANs, so on a server's port every one of them is forged or misconfigured.
 */
export const rogueRouterAdvertisement: Rule = {
  name: 'rogue-router-advertisement',
  version: 2,
  severity: 'critical',
  mayBeInFlight: false,
  text: {
    summary: 'A router advertisement came from somebody who is not the gateway.',
    example:
      '`52:54:00:00:00:66` sends a router advertisement from `fe80::5054:ff:fe00:66` on `leaf1:Ethernet66`: hosts of the VLAN take it for a router.',
    normalTraffic: [
      'router solicitations of servers, from any link-local or from the unspecified address',
      "the gateway's own advertisements, where a capture does not prove the port (mirror, uplink)",
      'neighbour advertisements with the router flag of a server that forwards for its own VMs',
    ],
    whatToDo:
      'Block router advertisements on the port, then ask the customer what runs there (radvd, a bridge, a VPN).',
    reference: 'RFC 6104, RFC 6105',
  },
  judge(observation, grants) {
    const { kind, claimedAddress, etherSource } = observation;
    if (kind !== 'router-advertisement' || isGatewaysOwn(observation, grants)) return undefined;
    return new Found(
      etherSource,
      () => {
        const as = claimedAddress === undefined ? '' : ` as ${claimedAddress}`;
        return `router advertisement from ${etherSource}${as} on ${placeOf(observation)}, which is not the gateway`;
      },
      offenderOf(observation, grants),
    );
  },
};
