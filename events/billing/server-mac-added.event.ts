import { defineEvent } from '../contract.js';
import { field, Is, type MacPurpose } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';
import type { MacAddress } from '../vocabulary/mac-address.js';

/**
 * The server may also speak with this MAC at its place: a bond member, its management controller, a VRRP address.
 * Stream `server-<serverId>`, published by billing.
 * Allowed on the port and VLAN of the server, never a next hop: nothing is routed to it, and it claims nothing.
 */
export class ServerMacAdded {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.mac) readonly mac!: MacAddress;
  @Is(field.macPurpose) readonly purpose!: MacPurpose;
}

export const serverMacAdded = defineEvent({
  type: 'ServerMacAdded',
  scope: 'publisher',
  version: 1,
  dataClass: ServerMacAdded,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ServerMacAdded => ({
    serverId: from.need('serverId', field.serverId),
    mac: from.need('mac', field.mac),
    purpose: from.need('purpose', field.macPurpose),
  }),
});
