import type { Observation } from '../observation.js';
import { isGatewaysOwn, offenderOf, placeOf, portIsFact } from './attribution.js';
import type { Expected, Grants, Rule } from './rule.js';

/**
 * An address that billing sold to one server is claimed by another.
 * Where the port is a fact, the port decides, whatever MAC the frame carries; elsewhere the MACs do.
 */
export const addressSpoof: Rule = {
  name: 'address-spoof',
  version: 1,
  severity: 'high',
  mayBeInFlight: false,
  text: {
    summary: 'A server claims an IPv4 address, or an IPv6 address inside a prefix, that was sold to another server.',
    normalTraffic: [
      'a server claiming its own addresses, temporary ones anywhere inside its own prefix (RFC 8981) included',
      'duplicate address detection and gratuitous ARP for its own addresses',
      'requests and solicitations that ask for the address of another server; ARP probes (sender 0.0.0.0)',
      'a more specific prefix sold out of a larger one of the same customer: the longest prefix decides',
      'the same link-local on two VLANs: link-locals are sold to nobody',
      'the gateway answering for servers (proxy ARP) with its own MAC, where the port is not proven',
      'an address of a server whose MAC billing does not know yet, where the port is not proven',
    ],
    whatToDo:
      'Ask the owner of the port; the victim is safe on our gateway (its entries are permanent), neighbours on a shared segment are not.',
    reference: 'RFC 3756 section 4.1.1, RFC 5227 section 2.4, MITRE ATT&CK T1557.002',
  },
  judge(observation, grants) {
    const { claimedAddress, claimedMac } = observation;
    if (claimedAddress === undefined || isGatewaysOwn(observation, grants)) return undefined;
    const owner = grants.ownerOfAddress(claimedAddress);
    if (owner === undefined || isOwners(observation, owner, grants)) return undefined;
    const verb = observation.tentative ? 'wants' : 'claims';
    return {
      detail: `${claimedMac} on ${placeOf(observation)} ${verb} ${claimedAddress}, sold to ${owner.serverId}`,
      offendingMac: foreignMac(observation, owner),
      offender: offenderOf(observation, grants),
      victim: owner,
    };
  },
};

function isOwners(observation: Observation, owner: Expected, grants: Grants): boolean {
  const hasOwnersMac = foreignMacs(observation, owner).length === 0;
  if (!portIsFact(observation)) return owner.mac === undefined || hasOwnersMac;
  const here = offenderOf(observation, grants);
  if (here !== undefined) return here.serverId === owner.serverId;
  // Several servers share the port and the VLAN names none of them: the owner is one of them if the MAC is its own.
  return owner.port !== undefined && owner.port === observation.port && hasOwnersMac;
}

function foreignMacs(observation: Observation, owner: Expected): string[] {
  return [observation.claimedMac, observation.etherSource].filter((mac) => mac !== owner.mac);
}

/** The MAC that is not the owner's; where both are, the forger took them too. */
function foreignMac(observation: Observation, owner: Expected): string {
  return foreignMacs(observation, owner)[0] ?? observation.claimedMac;
}
