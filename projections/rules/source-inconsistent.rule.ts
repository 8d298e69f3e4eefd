import { allows, isGatewaysOwn, isTableRow, offenderOf, placeOf } from './attribution.js';
import { Found, type Rule } from './rule.js';

/** A frame whose Ethernet source is not the MAC it claims for: one station speaks for another. */
export const sourceInconsistent: Rule = {
  name: 'source-inconsistent',
  version: 1,
  severity: 'medium',
  mayBeInFlight: true,
  text: {
    summary: 'A frame comes from one MAC and claims an address for another: its sender speaks for somebody else.',
    example:
      '`52:54:00:00:00:66` sends a neighbour advertisement that says "2001:db8:66::1 is at 52:54:00:00:00:11" on `leaf1:Ethernet66`.',
    normalTraffic: [
      'VRRP: the virtual MAC in the claim, the physical one in the header (RFC 5798 section 8.1.2), once billing named it (ServerMacAdded)',
      'members of a bond that send with the MAC of the card, once billing named them',
      "the gateway's own MACs together, where a capture does not prove the port",
      'neighbour discovery without a link-layer option; redirects, whose option names the next hop',
      'RARP after a migration, and proxy ARP: both MACs are the same',
    ],
    whatToDo:
      'Ask what runs on the server: an address translator for ARP, a bridge in the wrong mode, or a tool that forges. If it is VRRP or a bond, publish ServerMacAdded.',
    reference: 'RFC 826, RFC 4861 section 4.4',
  },
  judge(observation, grants) {
    const { etherSource, claimedMac } = observation;
    if (etherSource === claimedMac || isTableRow(observation) || isGatewaysOwn(observation, grants)) return undefined;
    if (grants.ownersOfMac(etherSource).some((server) => allows(server, claimedMac))) return undefined;
    return new Found(
      claimedMac,
      () => `${etherSource} on ${placeOf(observation)} claims for ${claimedMac}, which is another MAC`,
      offenderOf(observation, grants),
    );
  },
};
