import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';
import type { MacAddress } from '../vocabulary/mac-address.js';

/**
 * The server has another network card. Published by billing.
 * Does not mean that the new MAC was seen.
 */
export class ServerNicReplaced {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.mac) readonly mac!: MacAddress;
}

export const serverNicReplaced = defineEvent({
  type: 'ServerNicReplaced',
  scope: 'publisher',
  version: 1,
  dataClass: ServerNicReplaced,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ServerNicReplaced =>
    compact({
      serverId: from.need('serverId', field.serverId),
      mac: from.need('mac', field.mac),
    }),
});
