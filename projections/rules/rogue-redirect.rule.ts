import { isGatewaysOwn, offenderOf, placeOf } from './attribution.js';
import { Found, type Rule } from './rule.js';

/** A redirect that the gateway did not send: whoever believes it sends its traffic where the forger likes (RFC 4861 section 8). */
export const rogueRedirect: Rule = {
  name: 'rogue-redirect',
  version: 1,
  severity: 'critical',
  mayBeInFlight: false,
  text: {
    summary: 'A redirect came from somebody who is not the gateway: it asks hosts to send their traffic elsewhere.',
    example:
      '`52:54:00:00:00:66` sends a redirect as `fe80::1` on `leaf1:Ethernet66`: "for 2001:db8:99::1 use me as the better next hop".',
    normalTraffic: [
      "the gateway's own redirects, where a capture does not prove the port (mirror, uplink)",
      "a hypervisor's router VM that forwards for its own VMs: what it redirects stays behind its port",
    ],
    whatToDo:
      'Block redirects on the port, then look at the server: nothing that is set up by mistake sends them to the gateway.',
    reference: 'RFC 4861 section 8.1, RFC 3756 section 4.2.4',
  },
  judge(observation, grants) {
    const { kind, claimedAddress, etherSource } = observation;
    if (kind !== 'redirect' || isGatewaysOwn(observation, grants)) return undefined;
    return new Found(
      etherSource,
      () => {
        const as = claimedAddress === undefined ? '' : ` as ${claimedAddress}`;
        return `redirect from ${etherSource}${as} on ${placeOf(observation)}, which is not the gateway`;
      },
      offenderOf(observation, grants),
    );
  },
};
