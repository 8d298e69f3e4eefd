import { formatInstant } from '../../events/index.js';
import { isGatewaysOwn, offenderOf, placeOf } from './attribution.js';
import { formerGrantOf, isCoolingDown } from './cool-down.js';
import { Found, type Rule } from './rule.js';

/** An IPv4 address that was sold once and is sold to nobody now: somebody goes on using what nobody pays for. */
export const unpaidIpv4InUse: Rule = {
  name: 'unpaid-ipv4-in-use',
  version: 1,
  severity: 'medium',
  mayBeInFlight: false,
  text: {
    summary: 'A server uses an IPv4 address that was given back: nobody pays for it.',
    example:
      '`52:54:00:00:00:16` sends ARP as `198.51.100.16` on `leaf1:Ethernet16`; its customer cancelled that add-on yesterday.',
    normalTraffic: [
      'the server that had the address, for two hours after it was cancelled: a lease given before may run on',
      'the server that the address was sold to next',
      'a suspended server with its own addresses: they stay its own',
      "an ARP table that still shows the address for four hours, and the gateway's own frames",
    ],
    whatToDo:
      'Tell the customer to remove the address or to buy it again. No route leads there; it must not be sold to another until it is gone.',
  },
  judge(observation, grants) {
    const { claimedAddress, claimedMac } = observation;
    const former = formerGrantOf(observation, grants);
    if (claimedAddress === undefined || former === undefined || isGatewaysOwn(observation, grants)) return undefined;
    if (grants.ownerOfAddress(claimedAddress) !== undefined) return undefined;
    if (isCoolingDown(observation, grants)) return undefined;
    return new Found(
      claimedMac,
      () =>
        `${claimedMac} on ${placeOf(observation)} uses ${claimedAddress}, ` +
        `given back by ${former.server.serverId} ${formatInstant(former.endedAt)}`,
      offenderOf(observation, grants),
    );
  },
};
