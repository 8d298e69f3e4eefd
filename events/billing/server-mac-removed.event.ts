import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';
import type { MacAddress } from '../vocabulary/mac-address.js';

/**
 * The server no longer speaks with this MAC beside its own. Stream `server-<serverId>`, published by billing.
 * Does not touch the MAC that its neighbour entries lead to.
 */
export class ServerMacRemoved {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.mac) readonly mac!: MacAddress;
}

export const serverMacRemoved = defineEvent({
  type: 'ServerMacRemoved',
  scope: 'publisher',
  version: 1,
  dataClass: ServerMacRemoved,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ServerMacRemoved => ({
    serverId: from.need('serverId', field.serverId),
    mac: from.need('mac', field.mac),
  }),
});
