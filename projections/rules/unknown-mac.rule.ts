import { isGatewayMac, offenderOf, placeOf } from './attribution.js';
import type { Rule } from './rule.js';

/**
 * A MAC that billing knows nowhere, as the source of a frame or inside its claim.
 * Billing may be about to say so (a new server, a replaced card): the finding waits for the in-flight window.
 */
export const unknownMac: Rule = {
  name: 'unknown-mac',
  version: 1,
  severity: 'medium',
  mayBeInFlight: true,
  text: {
    summary: 'A frame comes from, or speaks for, a MAC that billing does not know.',
    normalTraffic: [
      'the MAC billing has for the server of the port, whatever link-local or address it uses',
      'a server or card that was just installed, when its billing event arrives within the in-flight window',
      "the gateway's own frames, where a capture does not prove the port (mirror, uplink)",
      'a MAC that billing has for another server: that is no unknown MAC, other rules look at it',
    ],
    whatToDo:
      'Compare the card with the record: publish ServerNicReplaced or ServerRecordCorrected, or find out what was plugged in (a VM or container bridged to the port shows its own MAC).',
  },
  judge(observation, grants) {
    const { etherSource, claimedMac } = observation;
    const unknown = [etherSource, claimedMac].find(
      (mac) => grants.ownersOfMac(mac).length === 0 && !isGatewayMac(mac, observation, grants),
    );
    if (unknown === undefined) return undefined;
    const offender = offenderOf(observation, grants);
    const instead = offender?.mac === undefined ? '' : `; billing has ${offender.mac} for ${offender.serverId}`;
    return {
      detail: `MAC ${unknown} on ${placeOf(observation)} is not known to billing${instead}`,
      offendingMac: unknown,
      offender,
    };
  },
};
