import { isGatewaysOwn, offenderOf, placeOf } from './attribution.js';
import type { Rule } from './rule.js';

/**
 * A router advertisement or redirect that the gateway did not send (RFC 6104, RFC 6105 RA Guard).
 * The gateway is the only router of its VLANs, so on a server's port every one of them is forged or misconfigured.
 */
export const rogueRouterAdvertisement: Rule = {
  name: 'rogue-router-advertisement',
  version: 1,
  severity: 'critical',
  mayBeInFlight: false,
  text: {
    summary: 'A router advertisement or redirect came from somebody who is not the gateway.',
    normalTraffic: [
      'router solicitations of servers, from any link-local or from the unspecified address',
      "the gateway's own advertisements and redirects, where a capture does not prove the port (mirror, uplink)",
      'neighbour advertisements with the router flag of a server that forwards for its own VMs',
    ],
    whatToDo:
      'Block router advertisements and redirects on the port, then ask the customer what runs there (radvd, a bridge, a VPN).',
    reference: 'RFC 6104, RFC 6105',
  },
  judge(observation, grants) {
    const { kind, claimedAddress, etherSource } = observation;
    if (kind !== 'router-advertisement' && kind !== 'redirect') return undefined;
    if (isGatewaysOwn(observation, grants)) return undefined;
    const what = kind === 'redirect' ? 'redirect' : 'router advertisement';
    const as = claimedAddress === undefined ? '' : ` as ${claimedAddress}`;
    return {
      detail: `${what} from ${etherSource}${as} on ${placeOf(observation)}, which is not the gateway`,
      offendingMac: etherSource,
      offender: offenderOf(observation, grants),
    };
  },
};
