import type { Observation } from '../observation.js';
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
      "the gateway's MACs, where a capture does not prove the port",
      'a frame that mirrors and uplinks hear as well: they are no place',
    ],
    whatToDo:
      'Look for a loop between the two ports (a bridge in a server with two cards, a missing port-channel); else one of them forges.',
    reference: 'RFC 7432 section 15.1',
  },
  judge(observation, grants, memory) {
    const { etherSource, port, frameTime } = observation;
    const says = observation.said === 'mac-flap';
    if (port === undefined || observation.attribution === 'unknown') return sayingOf(says, observation);
    if (!says && !portIsFact(observation) && isGatewayMac(etherSource, observation, grants)) return undefined;
    const was = memory.get(etherSource);
    const [owner] = grants.ownersOfMac(etherSource);
    const now = nextTrace(port, frameTime, was, owner, memory);
    memory.set(etherSource, now);
    const moves = now.count ?? 0;
    if (!says && moves < flapMoves) return undefined;
    return new Found(
      etherSource,
      () =>
        says
          ? `the switch says that ${etherSource} flaps; now it is on ${placeOf(observation)}`
          : `${etherSource} moved ${moves} times between ports; now it is on ${placeOf(observation)}`,
      offenderOf(observation, grants),
      owner?.port === port ? undefined : owner,
    );
  },
};

function sayingOf(says: boolean, observation: Observation): Found | undefined {
  if (!says) return undefined;
  return new Found(observation.etherSource, () => `the switch says that ${observation.etherSource} flaps`);
}

/** Counts moves since the first one of the window; a stay at home between two frames elsewhere is two moves. */
function nextTrace(
  place: string,
  at: number,
  was: Trace | undefined,
  owner: Expected | undefined,
  memory: RuleMemory,
): Trace {
  const homeAt = owner === undefined || owner.port === place ? undefined : memory.heardAtHome(owner.serverId);
  const since = was?.since ?? at;
  if (was === undefined || at - since > flapWindowMs) {
    const cameFromHome = homeAt !== undefined && at - homeAt <= flapWindowMs;
    const cameFromElsewhere = was !== undefined && was.place !== place;
    return { place, at, since: at, count: cameFromHome || cameFromElsewhere ? 1 : 0 };
  }
  const count = was.count ?? 0;
  if (was.place !== place) return { place, at, since, count: count + 1 };
  return { place, at, since, count: homeAt !== undefined && homeAt > was.at ? count + 2 : count };
}
