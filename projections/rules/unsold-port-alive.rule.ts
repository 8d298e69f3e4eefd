import { offenderOf, placeOf, portIsFact } from './attribution.js';
import { Found, type Rule } from './rule.js';

/** Something sends on a port that billing sold to nobody. */
export const unsoldPortAlive: Rule = {
  name: 'unsold-port-alive',
  version: 1,
  severity: 'medium',
  mayBeInFlight: true,
  text: {
    summary: 'Something is plugged in and sends where billing has nobody.',
    example:
      '`02:de:ad:be:ef:01` sends a router solicitation on `leaf1:Ethernet21`; billing has no server on that port.',
    normalTraffic: [
      'a server that was just racked, when its ServerAdded arrives within the in-flight window',
      'a server that billing has on the port, suspended or without a MAC yet',
      'uplinks, mirrors and rows of MAC tables: only a capture on the port itself proves who is there',
    ],
    whatToDo: 'Shut the port. If a server was racked, publish ServerAdded or ServerMoved.',
  },
  judge(observation, grants) {
    const { port, etherSource } = observation;
    if (port === undefined || !portIsFact(observation)) return undefined;
    if (offenderOf(observation, grants) !== undefined || grants.expectedOnPort(port).length > 0) return undefined;
    return new Found(etherSource, () => `${etherSource} sends on ${placeOf(observation)}, which was sold to nobody`);
  },
};
