import { isGatewayMac, isGatewaysOwn, offenderOf, placeOf } from './attribution.js';
import { Found, type Rule } from './rule.js';

/**
 * Somebody who is not the gateway claims an address of the gateway or uses its MAC.
 * Captures on server ports hear inbound frames only: there the gateway's address and its MAC are always foreign.
 * Where the port is not proven, frames with nothing but the gateway's MACs are taken for its own.
 */
export const gatewayImpersonation: Rule = {
  name: 'gateway-impersonation',
  version: 1,
  severity: 'critical',
  mayBeInFlight: false,
  text: {
    summary: 'A server claims an address of the gateway, or speaks with the MAC of the gateway.',
    example:
      'On `leaf1:Ethernet66` an ARP reply says "198.51.100.1 is at 52:54:00:00:00:66"; `198.51.100.1` is the gateway.',
    normalTraffic: [
      'requests and solicitations that ask for the gateway: what is asked for is never a claim',
      "the gateway's own frames, proxy ARP among them, where a capture does not prove the port (mirror, uplink)",
      'several MACs of one gateway (VRRP, anycast, MLAG), as long as all are declared',
      "the gateway's link-local used by a server on a VLAN that this gateway does not serve",
    ],
    whatToDo:
      'Shut the port or drop its traffic: other servers of the VLAN may send their traffic there. If it is a new gateway, declare its MAC.',
    reference: 'RFC 3756 section 4.1.1, MITRE ATT&CK T1557.002',
  },
  judge(observation, grants) {
    const { etherSource, claimedMac, claimedAddress, vlan } = observation;
    if (isGatewaysOwn(observation, grants)) return undefined;
    const claimsAddress =
      claimedAddress !== undefined && grants.isGatewayAddress(observation.switch, vlan, claimedAddress);
    const stolenMac = [claimedMac, etherSource].find((mac) => isGatewayMac(mac, observation, grants));
    if (!claimsAddress && stolenMac === undefined) return undefined;
    return new Found(
      claimsAddress ? claimedMac : (stolenMac ?? etherSource),
      () =>
        claimsAddress
          ? `${claimedMac} on ${placeOf(observation)} claims ${claimedAddress}, an address of the gateway`
          : `the gateway's MAC ${stolenMac} was used by ${placeOf(observation)}`,
      offenderOf(observation, grants),
    );
  },
};
