import { isLinkLocal } from '../../events/index.js';
import type { Observation } from '../observation.js';
import {
  allows,
  isFromAllowedMac,
  isFromOwner,
  isGatewaysOwn,
  isInfrastructure,
  offenderOf,
  placeOf,
} from './attribution.js';
import { claimKey } from './claim-key.js';
import { isNeverRouted } from './private-ipv4.js';
import type { RuleMemory, Trace } from './rule-memory.js';
import { type Expected, Found, type Grants, type Rule } from './rule.js';
import { duplicateWindowMs } from './thresholds.js';

/**
 * Two MACs hold one address on one VLAN, both alive: each claimed it after the other had. One change of hands is a
 * swapped card or a failover; it takes the first one's return to show two. Switches say it themselves.
 */
export const duplicateAddress: Rule = {
  name: 'duplicate-address',
  version: 1,
  severity: 'medium',
  mayBeInFlight: true,
  memory: { entries: 4_096 },
  text: {
    summary: 'Two MACs on one VLAN use one address, in turns, within a minute.',
    example:
      '`52:54:00:00:00:16`, then `52:54:00:00:00:66`, then `52:54:00:00:00:16` again send ARP as `198.51.100.77` on VLAN 16, a second apart.',
    normalTraffic: [
      'a swapped card: the old MAC is silent from then on',
      'members of a bond, VRRP and other MACs that billing named for one server: an address may go to and fro between them',
      'duplicate address detection: whoever asks does not use the address yet',
      'the same link-local on two VLANs',
      'private and 169.254.0.0/16 addresses (docker0 is 172.17.0.1 on every host)',
      'a switch that takes the owner of an address for the thief, because it learned a false claim first',
      "proxy ARP by the gateway, and any of the gateway's own frames, where a capture does not prove the port",
    ],
    whatToDo: 'Find which of the two was sold the address, and have the other one changed: both suffer until then.',
    reference: 'RFC 5227 section 2.4, RFC 4862 section 5.4',
  },
  judge(observation, grants, memory) {
    const { claimedAddress, claimedMac } = observation;
    if (claimedAddress === undefined || observation.tentative || isNeverRouted(claimedAddress)) return undefined;
    if (isGatewaysOwn(observation, grants)) return undefined;
    const owner = rightfulOf(observation, claimedAddress, grants);
    // It is never at fault, and its frames are mostly cleared before any rule sees them: `heardAtHome` tells of all.
    if (owner?.mac === claimedMac && isRightful(observation, owner, grants)) return undefined;
    const says = isSaidBySwitch(observation, owner, grants);
    const key = claimKey(observation, claimedAddress);
    const was = memory.get(key);
    const now = nextTrace(observation, was, owner, grants, memory);
    memory.set(key, now);
    if (!says && changesOf(handsOf(now), grants) < bothCameBack) return undefined;
    return new Found(
      claimedMac,
      () =>
        says
          ? `the switch says that ${claimedMac} on ${placeOf(observation)} uses ${claimedAddress} of another MAC`
          : `${claimedAddress} is used by ${claimedMac} on ${placeOf(observation)} and by another MAC in turns`,
      offenderOf(observation, grants),
      owner !== undefined && owner.mac !== claimedMac ? owner : undefined,
    );
  },
};

/** Who may use an address: whoever was sold it, and for a link-local the server of the VLAN. */
function rightfulOf(observation: Observation, address: string, grants: Grants): Expected | undefined {
  const { switch: switchName, vlan } = observation;
  if (!isLinkLocal(address)) return grants.ownerOfAddress(address);
  return vlan === undefined ? undefined : grants.expectedOn(switchName, vlan);
}

function isRightful(observation: Observation, owner: Expected, grants: Grants): boolean {
  if (isLinkLocal(observation.claimedAddress ?? '')) return isFromAllowedMac(observation, grants);
  return isFromOwner(observation, owner, grants);
}

const words = new Set(['duplicate-address', 'address-theft', 'mac-and-address-theft', 'neighbour-overwritten']);

/** A switch that learned a false claim first takes the owner for the thief; and what it sees where nobody is sold is not ours. */
function isSaidBySwitch(observation: Observation, owner: Expected | undefined, grants: Grants): boolean {
  if (observation.said === undefined || !words.has(observation.said)) return false;
  return owner === undefined ? !isInfrastructure(observation, grants) : !isRightful(observation, owner, grants);
}

/** Changes of hands that prove two: away, and back. */
const bothCameBack = 2;

/**
 * Who held the address lately, the owner's frames that no rule saw included. Only what was heard is kept: which MACs are of
 * one server is asked when it is looked at, and whatever was kept while the address was another's is no longer true.
 */
function nextTrace(
  { claimedMac: mac, frameTime: at }: Observation,
  was: Trace | undefined,
  owner: Expected | undefined,
  grants: Grants,
  memory: RuleMemory,
): Trace {
  const whose = owner === undefined ? '' : `${owner.serverId} ${owner.mac ?? '-'}`;
  const ownerAt = ownerHeardAt(mac, owner, memory);
  const fresh = (hands: readonly string[]): Trace => ({ mac, at, hands: hands.join(' '), owner: whose });
  if (was === undefined || was.owner !== whose || at - was.at > duplicateWindowMs) {
    const cameAfterOwner = ownerAt !== undefined && at - ownerAt <= duplicateWindowMs;
    return fresh(cameAfterOwner ? [owner?.mac ?? '', mac] : [mac]);
  }
  // A frame that waited is judged again after later ones were noted: it is no return.
  if (at <= was.at && was.mac !== mac) return was;
  const hands = handsOf(was);
  if (was.mac !== mac) {
    const before = isOneServer(was.mac ?? mac, mac, grants) ? hands.slice(0, -1) : hands;
    return fresh([...before, mac].slice(-handsKept));
  }
  const ownerCameBack = ownerAt !== undefined && ownerAt > was.at;
  const held = ownerCameBack ? [...hands, owner?.mac ?? '', mac].slice(-handsKept) : hands;
  return { ...fresh(held), at: Math.max(at, was.at) };
}

/** As many as show that somebody came back. */
const handsKept = bothCameBack + 1;

const handsOf = ({ hands = '' }: Trace): readonly string[] => hands.split(' ');

/** How often the address went to another server's MAC. */
function changesOf(hands: readonly string[], grants: Grants): number {
  return hands.filter((mac, place) => place > 0 && !isOneServer(hands[place - 1] ?? mac, mac, grants)).length;
}

function ownerHeardAt(mac: string, owner: Expected | undefined, memory: RuleMemory): number | undefined {
  return owner === undefined || allows(owner, mac) ? undefined : memory.heardAtHome(owner.serverId, owner.mac);
}

function isOneServer(one: string, other: string, grants: Grants): boolean {
  return one === other || grants.ownersOfMac(one).some((server) => allows(server, other));
}
