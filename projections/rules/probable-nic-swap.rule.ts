import { isGatewayMac, offenderOf, placeOf, portIsFact } from './attribution.js';
import { Found, type Rule } from './rule.js';
import { linkSlackMs, nicSwapWindowMs } from './thresholds.js';

/** A MAC that nobody knows on a sold port right after its carrier came back, the old one silent since: a new card. */
export const probableNicSwap: Rule = {
  name: 'probable-nic-swap',
  version: 1,
  severity: 'low',
  mayBeInFlight: true,
  text: {
    summary:
      'A server shows a new MAC right after its link was down, and the old one is silent: its card was probably replaced.',
    example:
      'The link of `leaf1:Ethernet16` goes down and comes back; from then on `52:54:00:00:ca:16` sends there, and `52:54:00:00:00:16` no more.',
    normalTraffic: [
      'a server that boots with the card billing knows',
      'a card that was just replaced, when ServerNicReplaced arrives within the in-flight window',
      'network boot with another card of the same server (iPXE before bonding) or its management controller, once billing named it (ServerMacAdded)',
    ],
    whatToDo:
      'Ask the technician. If the card was replaced, publish ServerNicReplaced: until then nothing reaches the server.',
  },
  judge(observation, grants, memory) {
    const { etherSource: mac, port, frameTime } = observation;
    if (port === undefined || !portIsFact(observation) || mac !== observation.claimedMac) return undefined;
    const here = offenderOf(observation, grants);
    if (here?.mac === undefined || grants.ownersOfMac(mac).length > 0) return undefined;
    if (isGatewayMac(mac, observation, grants) || isOfRemovedServer(grants.formerOwnersOfMac(mac))) return undefined;
    const { link, since } = grants.linkOf(port);
    if (link !== 'up' || since === undefined) return undefined;
    if (frameTime < since - linkSlackMs || frameTime - since > nicSwapWindowMs) return undefined;
    const oldHeardAt = memory.heardAtHome(here.serverId, here.mac);
    if (oldHeardAt !== undefined && oldHeardAt > since) return undefined;
    return new Found(
      mac,
      () =>
        `${mac} took the place of ${here.mac} on ${placeOf(observation)} when the link came back: probably a new card`,
      here,
    );
  },
};

const isOfRemovedServer = ([latest]: readonly { readonly alive: boolean }[]): boolean => latest?.alive === false;
