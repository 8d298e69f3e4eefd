import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';
import type { Ipv6Prefix } from '../vocabulary/prefix.js';

/**
 * The server was sold this prefix. Published by billing.
 * Does not mean that it is announced: that waits for the link.
 */
export class Ipv6PrefixAssigned {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.prefix) readonly prefix!: Ipv6Prefix;
}

export const ipv6PrefixAssigned = defineEvent({
  type: 'Ipv6PrefixAssigned',
  scope: 'publisher',
  version: 1,
  dataClass: Ipv6PrefixAssigned,
  stream: (data) => `server-${data.serverId}`,
  read: (from): Ipv6PrefixAssigned =>
    compact({
      serverId: from.need('serverId', field.serverId),
      prefix: from.need('prefix', field.prefix),
    }),
});
