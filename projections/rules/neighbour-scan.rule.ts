import { offenderOf, placeOf, portIsFact } from './attribution.js';
import { Found, type Rule } from './rule.js';
import { askedAddressesLook } from './thresholds.js';

/** One port asks for more addresses than a host has neighbours: it looks for who is there. */
export const neighbourScan: Rule = {
  name: 'neighbour-scan',
  version: 1,
  severity: 'low',
  mayBeInFlight: false,
  about: 'port',
  text: {
    summary: 'One port asks for so many addresses in a short while that it must be looking for who is there.',
    example:
      '`arp-scan 198.51.100.0/24` on `leaf1:Ethernet66`: 254 ARP requests in half a second, each for another address.',
    normalTraffic: [
      `a host masked /24 that asks for up to ${askedAddressesLook} neighbours of its subnet within ten seconds`,
      'any number of questions for the gateway, or for the same few addresses',
      'mirrors and uplinks, where many servers are heard together',
    ],
    whatToDo:
      'Ask the owner of the port whether it monitors its neighbours (an exception is for that); else treat it as a break-in being prepared.',
    reference: 'MITRE ATT&CK T1018',
  },
  judge(observation, grants) {
    const { traffic, askedAddress } = observation;
    if (traffic === undefined || askedAddress === undefined || !portIsFact(observation)) return undefined;
    if (traffic.askedAddresses <= askedAddressesLook) return undefined;
    return new Found(
      observation.etherSource,
      () => `${placeOf(observation)} asked for ${traffic.askedAddresses} addresses in ${traffic.windowMs / 1000} s`,
      offenderOf(observation, grants),
    );
  },
};
