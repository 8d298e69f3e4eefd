import type { Observation } from '../observation.js';
import { isFromOwner, isGatewaysOwn, offenderOf, placeOf } from './attribution.js';
import { type Expected, Found, type Rule } from './rule.js';

/**
 * An address that billing sold to one server is claimed by another.
 * Where the port is a fact, the port decides, whatever MAC the frame carries; elsewhere the MACs do.
 */
export const addressSpoof: Rule = {
  name: 'address-spoof',
  version: 2,
  severity: 'high',
  mayBeInFlight: false,
  text: {
    summary: 'A server claims an IPv4 address, or an IPv6 address inside a prefix, that was sold to another server.',
    example:
      'On `leaf1:Ethernet66` an ARP reply says "198.51.100.16 is at 52:54:00:00:00:66"; billing sold `198.51.100.16` to the server on `leaf1:Ethernet16`.',
    normalTraffic: [
      'a server claiming its own addresses, temporary ones anywhere inside its own prefix (RFC 8981) included',
      'duplicate address detection and gratuitous ARP for its own addresses',
      'requests and solicitations that ask for the address of another server, also of the same /24; ARP probes (sender 0.0.0.0)',
      'a more specific prefix sold out of a larger one of the same customer: the longest prefix decides',
      'the same link-local on two VLANs: link-locals are sold to nobody',
      'the gateway answering for servers (proxy ARP) with its own MAC, where the port is not proven',
      'an address of a server whose MAC billing does not know yet, where the port is not proven',
      'the router VM of a hypervisor answering for addresses inside its own prefix',
    ],
    whatToDo:
      'Ask the owner of the port; the victim is safe on our gateway (its entries are permanent), neighbours on a shared segment are not.',
    reference: 'RFC 3756 section 4.1.1, RFC 5227 section 2.4, MITRE ATT&CK T1557.002',
  },
  judge(observation, grants) {
    const { claimedAddress, claimedMac } = observation;
    if (claimedAddress === undefined || isGatewaysOwn(observation, grants)) return undefined;
    const owner = grants.ownerOfAddress(claimedAddress);
    if (owner === undefined || isFromOwner(observation, owner, grants)) return undefined;
    return new Found(
      foreignMac(observation, owner),
      () => {
        const verb = observation.tentative ? 'wants' : 'claims';
        return `${claimedMac} on ${placeOf(observation)} ${verb} ${claimedAddress}, sold to ${owner.serverId}`;
      },
      offenderOf(observation, grants),
      owner,
    );
  },
};

/** The MAC that is not the owner's; where both are, the forger took them too. */
function foreignMac({ claimedMac, etherSource }: Observation, owner: Expected): string {
  return claimedMac !== owner.mac ? claimedMac : etherSource !== owner.mac ? etherSource : claimedMac;
}
