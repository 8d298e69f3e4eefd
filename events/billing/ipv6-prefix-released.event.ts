import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';
import type { Ipv6Prefix } from '../vocabulary/prefix.js';

/**
 * The server gave this prefix back. Published by billing.
 * Does not touch other prefixes inside or around it.
 */
export class Ipv6PrefixReleased {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.prefix) readonly prefix!: Ipv6Prefix;
}

export const ipv6PrefixReleased = defineEvent({
  type: 'Ipv6PrefixReleased',
  scope: 'publisher',
  version: 1,
  dataClass: Ipv6PrefixReleased,
  stream: (data) => `server-${data.serverId}`,
  read: (from): Ipv6PrefixReleased =>
    compact({
      serverId: from.need('serverId', field.serverId),
      prefix: from.need('prefix', field.prefix),
    }),
});
