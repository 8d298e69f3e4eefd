import { offenderOf, placeOf, portIsFact } from './attribution.js';
import { Found, type Rule } from './rule.js';
import { claimedAddressesLook, sourcesLook } from './thresholds.js';

/**
 * One port claims more addresses, or shows more MACs, than a server has: the neighbour table or the MAC table of the
 * switch is being filled (RFC 6583). One finding for the whole flood.
 */
export const neighbourExhaustion: Rule = {
  name: 'neighbour-exhaustion',
  version: 1,
  severity: 'high',
  mayBeInFlight: false,
  about: 'port',
  text: {
    summary: 'One port claims so many addresses, or shows so many MACs, that it fills the tables of the switch.',
    example:
      '200 neighbour advertisements in a few milliseconds on `leaf1:Ethernet66`, each with a MAC and a link-local of its own.',
    normalTraffic: [
      `a server that claims up to ${claimedAddressesLook} addresses at once, a full /24 at boot among them`,
      `a hypervisor whose VMs show up to ${sourcesLook} MACs on one port`,
      'temporary addresses (RFC 8981), one a day or a connection',
      'mirrors and uplinks, where many servers are heard together',
    ],
    whatToDo:
      'Limit or shut the port. Our entries are permanent and stay; what the gateway learns by itself may be pushed out (its upstream among that).',
    reference: 'RFC 6583, RFC 3756 section 4.3.2',
  },
  judge(observation, grants) {
    const { traffic, said } = observation;
    if (said === 'mac-limit' || said === 'arp-rate-exceeded') {
      return new Found(
        observation.etherSource,
        () => `the switch says that ${placeOf(observation)} goes over its limit`,
      );
    }
    if (traffic === undefined || !portIsFact(observation)) return undefined;
    if (traffic.claimedAddresses <= claimedAddressesLook && traffic.sources <= sourcesLook) return undefined;
    return new Found(
      observation.etherSource,
      () =>
        `${placeOf(observation)} claimed ${traffic.claimedAddresses} addresses with ${traffic.sources} MACs ` +
        `in ${traffic.windowMs / 1000} s`,
      offenderOf(observation, grants),
    );
  },
};
