import type { Observation } from '../observation.js';
import { isGatewayMac, offenderOf, placeOf, portIsFact } from './attribution.js';
import { type Expected, Found, type Grants, type Rule } from './rule.js';

/** The MAC of a server that billing has elsewhere. Billing may be about to say so: the finding waits. */
export const macMoved: Rule = {
  name: 'mac-moved',
  version: 1,
  severity: 'medium',
  mayBeInFlight: true,
  text: {
    summary: 'The MAC of a server that billing has on another port shows up here.',
    example: '`52:54:00:00:00:16` sends on `leaf1:Ethernet66`; billing has its server on `leaf1:Ethernet16`.',
    normalTraffic: [
      'a server that was moved, or a VM that migrated and says so by RARP, when ServerMoved arrives within the in-flight window',
      'a MAC that billing has for two servers, at either of their ports',
      'a server of another switch, where a capture does not prove the port: it may come by an uplink',
      "in a device's table: a MAC on a port that was sold to nobody (an uplink or a peer link shows every MAC of its VLANs)",
      'a server that billing has on no port yet',
    ],
    whatToDo:
      'If the server was moved, publish ServerMoved (or ServerRecordCorrected); else somebody on this port sends with the MAC of another.',
    reference: 'MITRE ATT&CK T1557.002',
  },
  judge(observation, grants) {
    const { etherSource } = observation;
    if (isGatewayMac(etherSource, observation, grants)) return undefined;
    const owners = grants.ownersOfMac(etherSource);
    const [owner] = owners;
    if (owner === undefined || owners.some((one) => mayBeAtHome(one, observation, grants))) return undefined;
    return new Found(
      etherSource,
      () => `${etherSource} of ${owner.serverId} is on ${placeOf(observation)}; billing has it on ${owner.port}`,
      offenderOf(observation, grants),
      owner,
    );
  },
};

function mayBeAtHome(owner: Expected, observation: Observation, grants: Grants): boolean {
  const { port, vlan } = observation;
  if (owner.port === undefined || owner.port === port) return true;
  if (port !== undefined && portIsFact(observation)) return false;
  if (port !== undefined && observation.attribution === 'mac-table') return grants.expectedOnPort(port).length === 0;
  if (owner.switch !== observation.switch || vlan === undefined) return true;
  return owner.vlan === vlan;
}
