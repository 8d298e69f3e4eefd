import { isGatewayMac, offenderOf, placeOf, portIsFact } from './attribution.js';
import type { RuleMemory, Trace } from './rule-memory.js';
import { type Expected, Found, type Rule } from './rule.js';
import { flapMoves, flapWindowMs } from './thresholds.js';

/**
 * One MAC shows at two ports in turns: a loop, or somebody who sends with another's MAC. What its owner sends at home
 * is counted as moves too.
 */
export const macFlapping: Rule = {
  name: 'mac-flapping',
  version: 1,
  severity: 'medium',
  mayBeInFlight: false,
  about: 'mac',
  memory: { entries: 4_096 },
  text: {
    summary: 'One MAC goes to and fro between ports: a loop, or two stations that use the same MAC.',
    example:
      '`52:54:00:00:00:16` sends on `leaf1:Ethernet16`, on `leaf1:Ethernet66`, on `leaf1:Ethernet16` again: five moves within three minutes.',
    normalTraffic: [
      'a server that was moved, or a VM that migrated (RARP on its new port): one move',
      'VRRP and bonds that fail over and back: fewer than five moves within three minutes',
      'a single message of a switch that a MAC moved',
      "the gateway's MACs, where a capture does not prove the port",
      'a frame that mirrors and uplinks hear as well, and a MAC that tables show there: they are no place',
    ],
    whatToDo:
      'Look for a loop between the two ports (a bridge in a server with two cards, a missing port-channel); else one of them forges.',
    reference: 'RFC 7432 section 15.1',
  },
  judge(observation, grants, memory) {
    const { etherSource, port, frameTime, said } = observation;
    if (port === undefined || observation.attribution === 'unknown') return undefined;
    if (!portIsFact(observation)) {
      if (isGatewayMac(etherSource, observation, grants)) return undefined;
      // A table shows every MAC of a VLAN at uplinks and peer links, which were sold to nobody.
      if (said === undefined && grants.expectedOnPort(port).length === 0) return undefined;
    }
    const owners = grants.ownersOfMac(etherSource);
    // At home it is never at fault, and its frames are mostly cleared before any rule sees them: `heardAtHome` tells of all.
    if (portIsFact(observation) && owners.some((one) => one.port === port)) return undefined;
    const [owner] = owners;
    const heard = nextTrace(port, frameTime, memory.get(etherSource), owner, memory);
    // A switch says it of a MAC that went and came back; of one that merely moved it may say it once.
    const moves = (heard.count ?? 0) + (said === 'mac-move' ? 2 : 0);
    memory.set(etherSource, { ...heard, count: moves });
    if (moves < flapMoves) return undefined;
    return new Found(
      etherSource,
      () => `${etherSource} moved ${moves} times between ports; now it is on ${placeOf(observation)}`,
      offenderOf(observation, grants),
      owner?.port === port ? undefined : owner,
    );
  },
};

/** Counts moves since the first one of the window; a stay at home between two frames elsewhere is two moves. */
function nextTrace(
  place: string,
  at: number,
  was: Trace | undefined,
  owner: Expected | undefined,
  memory: RuleMemory,
): Trace {
  const homeAt =
    owner === undefined || owner.port === place ? undefined : memory.heardAtHome(owner.serverId, owner.mac);
  const whose = owner === undefined ? '' : `${owner.serverId} ${owner.port ?? '-'}`;
  const since = was?.since ?? at;
  // What was counted while it was another's, or at home elsewhere, is no longer true.
  if (was === undefined || was.owner !== whose || at - since > flapWindowMs) {
    const cameFromHome = homeAt !== undefined && at - homeAt <= flapWindowMs;
    const cameFromElsewhere = was !== undefined && was.place !== place;
    return { place, at, since: at, count: cameFromHome || cameFromElsewhere ? 1 : 0, owner: whose };
  }
  // A frame that waited is judged again after later ones were noted: it is no move.
  if (at <= was.at && was.place !== place) return was;
  const count = was.count ?? 0;
  const cameFromHome = homeAt !== undefined && homeAt > was.at;
  const moves = was.place === place ? (cameFromHome ? 2 : 0) : 1;
  return { place, at, since, count: count + moves, owner: whose };
}
