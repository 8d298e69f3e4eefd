import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';
import type { MacAddress } from '../vocabulary/mac-address.js';

/**
 * This MAC, the only one seen at the place of a server sold with `enrolment: first-seen`, is taken for its own.
 * Stream `server-<serverId>`, written by our own rooms; `causedBy` names the ServerAdded that asked and the MacSeen.
 * Counts only while billing names no MAC: one that billing names wins whatever its time. Grants nothing to a server
 * that was not sold so.
 */
export class ServerMacEnrolled {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.mac) readonly mac!: MacAddress;
  /** When the MAC was seen there first. */
  @Is(field.instant) readonly firstSeen!: string;
}

export const serverMacEnrolled = defineEvent({
  type: 'ServerMacEnrolled',
  scope: 'own-rooms',
  version: 1,
  dataClass: ServerMacEnrolled,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ServerMacEnrolled => ({
    serverId: from.need('serverId', field.serverId),
    mac: from.need('mac', field.mac),
    firstSeen: from.need('firstSeen', field.instant),
  }),
});
