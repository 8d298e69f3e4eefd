import type { Observation } from '../observation.js';
import { isGatewaysOwn, offenderOf, placeOf, portIsFact } from './attribution.js';
import { Found, type Rule } from './rule.js';

/**
 * A frame on a VLAN that was not sold to its port, or with tags stacked to get past a switch's filters (CVE-2021-27853:
 * guards look behind one tag only). A priority tag, VLAN id 0, is none.
 */
export const vlanMismatch: Rule = {
  name: 'vlan-mismatch',
  version: 1,
  severity: 'high',
  mayBeInFlight: true,
  text: {
    summary: 'A frame carries a VLAN tag that was not sold to its port, or more than one tag.',
    example:
      'On `leaf1:Ethernet66`, sold with VLAN 66, `52:54:00:00:00:66` sends an ARP request tagged 16; or one tagged 66 and, inside, 16.',
    normalTraffic: [
      'untagged frames, and a single priority tag (VLAN id 0)',
      'the VLANs of all servers on the port of a hypervisor, each tagged',
      'a change of VLAN, when ServerMoved arrives within the in-flight window',
      'a port on which billing has nobody, or a server without a VLAN: nothing to compare with',
      'mirrors and uplinks, which carry the VLANs of many ports',
    ],
    whatToDo:
      'Compare the VLAN of the switch port with the record. If the server itself tags, make the port an access port that drops tagged frames.',
    reference: 'IEEE 802.1Q, CVE-2021-27853',
  },
  judge(observation, grants) {
    const { port, vlan, tags, kind, etherSource } = observation;
    if (port === undefined || (!portIsFact(observation) && kind !== 'mac-table')) return undefined;
    if (isGatewaysOwn(observation, grants)) return undefined;
    const here = grants.expectedOnPort(port);
    if (here.length === 0 || here.some((server) => server.vlan === undefined)) return undefined;
    const isStacked = tags !== undefined && tags.length > 1;
    if (!isStacked && (vlan === undefined || here.some((server) => server.vlan === vlan))) return undefined;
    return new Found(
      etherSource,
      () => sentenceOf(observation, here.map((server) => server.vlan).join(', ')),
      offenderOf(observation, grants),
    );
  },
};

function sentenceOf(observation: Observation, sold: string): string {
  const { etherSource, tags = [], port } = observation;
  if (tags.length > 1) return `${etherSource} on ${placeOf(observation)} stacks the tags ${tags.join(', ')}`;
  return `${etherSource} is on ${placeOf(observation)}; ${port} was sold with VLAN ${sold}`;
}
