import { isLinkLocal } from '../../events/index.js';
import type { Observation } from '../observation.js';
import { isFromAllowedMac, isFromOwner, isGatewaysOwn, isTableRow, offenderOf, placeOf } from './attribution.js';
import { claimKey } from './claim-key.js';
import { isNeverRouted } from './private-ipv4.js';
import { Found, type Grants, type Rule } from './rule.js';
import { dadWindowMs } from './thresholds.js';

/**
 * Somebody answers the duplicate address detection of another, so that the other gives its address up (RFC 3756 section
 * 4.1.3); the same for the probes of IPv4 (RFC 5227). Whoever may use the address may answer.
 */
export const dadAttack: Rule = {
  name: 'dad-attack',
  version: 1,
  severity: 'high',
  mayBeInFlight: false,
  memory: { entries: 4_096 },
  text: {
    summary: 'Somebody answers the duplicate address detection of another server, which then gives up its address.',
    example:
      '`52:54:00:00:00:16` asks whether anybody uses `2001:db8:16::77` (solicitation from `::`); 1 ms later `52:54:82:89:ad:5e` says it does.',
    normalTraffic: [
      'detection that nobody answers, and its retries (RFC 4862 section 5.1, RFC 7527)',
      'the owner of an address, or the bound MAC for a link-local on its own VLAN, that defends it',
      'the asker itself, claiming the address once it knows that it is free',
      'the same address claimed by another later than the detection lasts: other rules look at it',
      'private and 169.254.0.0/16 addresses (RFC 3927): hosts pick them at random and may meet',
    ],
    whatToDo:
      'Shut the port of the one who answered. The server that asked has no address until it asks again: tell its owner.',
    reference: 'RFC 4862 section 5.4, RFC 3756 section 4.1.3, RFC 5227 section 2.1',
  },
  judge(observation, grants, memory) {
    const { etherSource, claimedMac, frameTime } = observation;
    const address = observation.claimedAddress ?? probedAddress(observation);
    if (address === undefined || isTableRow(observation) || isNeverRouted(address)) return undefined;
    const key = claimKey(observation, address);
    const asked = memory.get(key);
    const isAsking = observation.tentative || observation.claimedAddress === undefined;
    const isAnother = asked !== undefined && (asked.mac !== etherSource || asked.mac !== claimedMac);
    if (
      asked === undefined ||
      !isAnother ||
      frameTime - asked.at > dadWindowMs ||
      mayUse(observation, address, grants)
    ) {
      if (isAsking) memory.set(key, { mac: etherSource, at: frameTime });
      return undefined;
    }
    // Two that probe for one IPv4 address both step back (RFC 5227 section 2.1.1): nobody has answered yet.
    if (observation.claimedAddress === undefined) return undefined;
    const victim = grants.ownerOfAddress(address) ?? grants.ownersOfMac(asked.mac ?? '')[0];
    return new Found(
      asked.mac === claimedMac ? etherSource : claimedMac,
      () => `${claimedMac} on ${placeOf(observation)} answers ${asked.mac}, which asks whether ${address} is free`,
      offenderOf(observation, grants),
      victim,
    );
  },
};

/** What an ARP probe asks for: it claims nothing yet (RFC 5227 section 2.1.1). */
function probedAddress({ kind, askedAddress }: Observation): string | undefined {
  return kind === 'arp-request' ? askedAddress : undefined;
}

function mayUse(observation: Observation, address: string, grants: Grants): boolean {
  if (isGatewaysOwn(observation, grants)) return true;
  const owner = grants.ownerOfAddress(address);
  if (owner !== undefined) return isFromOwner(observation, owner, grants);
  return isLinkLocal(address) && isFromAllowedMac(observation, grants);
}
