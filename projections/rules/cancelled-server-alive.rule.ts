import { formatInstant } from '../../events/index.js';
import type { Observation } from '../observation.js';
import { isGatewayMac, offenderOf, placeOf } from './attribution.js';
import { type Former, Found, type Grants, type Rule } from './rule.js';
import { macTableAgeMs } from './thresholds.js';

/** The MAC of a server that was removed, and that nobody has now. */
export const cancelledServerAlive: Rule = {
  name: 'cancelled-server-alive',
  version: 1,
  severity: 'medium',
  mayBeInFlight: true,
  text: {
    summary: 'A server that was cancelled still sends.',
    example:
      '`52:54:00:00:00:16` sends ARP on `leaf1:Ethernet16`; billing removed its server two days ago, and nobody has that MAC now.',
    normalTraffic: [
      'a machine that was sold again, when its ServerAdded arrives within the in-flight window',
      'the card of a removed server in another one, once billing named it there',
      'the old card of a server that lives: that is an unknown MAC',
      "a device's table that still shows what it learned before the end: five minutes for a MAC, and ARP and ND tables not at all",
    ],
    whatToDo: 'Shut the port, or take the machine out of the rack. If it was sold again, publish ServerAdded.',
  },
  judge(observation, grants) {
    const { etherSource, claimedMac } = observation;
    const former = removedOwnerOf(etherSource, observation, grants) ?? removedOwnerOf(claimedMac, observation, grants);
    if (former === undefined) return undefined;
    const mac = former.server.mac ?? etherSource;
    return new Found(
      mac === claimedMac ? claimedMac : etherSource,
      () =>
        `${mac} of ${former.server.serverId}, removed ${formatInstant(former.endedAt)}, still sends on ${placeOf(observation)}`,
      offenderOf(observation, grants),
    );
  },
};

function removedOwnerOf(mac: string, observation: Observation, grants: Grants): Former | undefined {
  if (grants.ownersOfMac(mac).length > 0 || isGatewayMac(mac, observation, grants)) return undefined;
  const [former] = grants.formerOwnersOfMac(mac);
  return former === undefined || former.alive || mayBeOld(former, observation) ? undefined : former;
}

function mayBeOld({ endedAt }: Former, { kind, frameTime }: Observation): boolean {
  if (kind === 'arp-table' || kind === 'nd-table') return true;
  return kind === 'mac-table' && frameTime - endedAt <= macTableAgeMs;
}
