import type { Observation } from '../observation.js';
import { allows, isGatewayMac, isGatewaysOwn, offenderOf, placeOf, serversHere } from './attribution.js';
import { type Expected, Found, type Grants, type Rule } from './rule.js';

/**
 * The right port, and not the MAC that billing bound: either a MAC that the server may not use at all, or one that is
 * allowed beside the bound one and claims an address that was sold; our entry leads to the bound one.
 */
export const macMismatch: Rule = {
  name: 'mac-mismatch',
  version: 1,
  severity: 'medium',
  mayBeInFlight: true,
  text: {
    summary: 'A server speaks on its own port with a MAC that is not the one billing bound.',
    example:
      'On `leaf1:Ethernet66` the management controller `52:54:00:00:b6:66` says "198.51.100.66 is at 52:54:00:00:b6:66"; billing bound that address to `52:54:00:00:00:66`.',
    normalTraffic: [
      'the bound MAC, whatever it claims',
      'a management controller, a bond member (iPXE before bonding) or VRRP that billing named (ServerMacAdded), as long as it claims no sold address',
      'any of the VMs on the port of a hypervisor, each on its own VLAN; a router VM for addresses inside its own prefix',
      'a server whose MAC billing does not know yet',
      'a card that was just replaced, when ServerNicReplaced arrives within the in-flight window',
    ],
    whatToDo:
      'If the card is right, publish ServerNicReplaced. A MAC named by ServerMacAdded may speak, and is never a next hop: the sold address belongs on the bound MAC.',
  },
  judge(observation, grants) {
    if (isGatewaysOwn(observation, grants)) return undefined;
    return besideMacFinding(observation, grants) ?? wrongMacFinding(observation, grants);
  },
};

function besideMacFinding(observation: Observation, grants: Grants): Found | undefined {
  const { claimedAddress, claimedMac } = observation;
  const owner = claimedAddress === undefined ? undefined : grants.ownerOfAddress(claimedAddress);
  if (owner?.mac === undefined || owner.mac === claimedMac || !allows(owner, claimedMac)) return undefined;
  const here = offenderOf(observation, grants);
  if (here !== undefined && here.serverId !== owner.serverId) return undefined;
  return new Found(
    claimedMac,
    () => `${claimedMac} on ${placeOf(observation)} claims ${claimedAddress}, which is bound to ${owner.mac}`,
    here,
  );
}

function wrongMacFinding(observation: Observation, grants: Grants): Found | undefined {
  const { etherSource, claimedMac } = observation;
  const here = serversHere(observation, grants);
  const [first] = here;
  if (first === undefined || here.some((server) => server.mac === undefined)) return undefined;
  const isWrong = (mac: string): boolean => !isAllowed(mac, here) && !isGatewayMac(mac, observation, grants);
  const wrong = isWrong(etherSource) ? etherSource : isWrong(claimedMac) ? claimedMac : undefined;
  if (wrong === undefined) return undefined;
  return new Found(
    wrong,
    () => `${wrong} speaks on ${placeOf(observation)}; billing bound ${here.map((server) => server.mac).join(', ')}`,
    offenderOf(observation, grants),
  );
}

const isAllowed = (mac: string, servers: readonly Expected[]): boolean => servers.some((server) => allows(server, mac));
