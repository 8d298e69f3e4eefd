import { isGatewayMac, isInfrastructure, offenderOf, placeOf } from './attribution.js';
import { Found, type Rule } from './rule.js';

/**
 * A MAC that billing knows nowhere, as the source of a frame or inside its claim.
 * Billing may be about to say so (a new server, a replaced card): the finding waits for the in-flight window.
 */
export const unknownMac: Rule = {
  name: 'unknown-mac',
  version: 2,
  severity: 'medium',
  mayBeInFlight: true,
  text: {
    summary: 'A frame comes from, or speaks for, a MAC that billing does not know.',
    example:
      'On `leaf1:Ethernet16` an ARP request comes from `02:de:ad:be:ef:01`; billing knows no such MAC, and `52:54:00:00:00:16` for that port.',
    normalTraffic: [
      'the MAC billing has for the server of the port, whatever link-local or address it uses',
      'a server or card that was just installed, when its billing event arrives within the in-flight window',
      "the gateway's own frames, where a capture does not prove the port (mirror, uplink)",
      'the management controller, a bond member before bonding (iPXE) or a VRRP MAC, once billing named it (ServerMacAdded)',
      'a MAC that billing has for another server: that is no unknown MAC, other rules look at it',
      "in a device's table: rows of VLANs and ports that were sold to nobody (transit, management)",
    ],
    whatToDo:
      'Compare the card with the record: publish ServerNicReplaced or ServerRecordCorrected, or find out what was plugged in (a VM or container bridged to the port shows its own MAC).',
  },
  judge(observation, grants) {
    const { etherSource, claimedMac } = observation;
    const isUnknown = (mac: string): boolean =>
      grants.ownersOfMac(mac).length === 0 && !isGatewayMac(mac, observation, grants);
    const unknown = isUnknown(etherSource) ? etherSource : isUnknown(claimedMac) ? claimedMac : undefined;
    if (unknown === undefined || isInfrastructure(observation, grants)) return undefined;
    const offender = offenderOf(observation, grants);
    return new Found(
      unknown,
      () => {
        const instead = offender?.mac === undefined ? '' : `; billing has ${offender.mac} for ${offender.serverId}`;
        return `MAC ${unknown} on ${placeOf(observation)} is not known to billing${instead}`;
      },
      offender,
    );
  },
};
