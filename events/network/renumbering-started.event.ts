import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';
import type { CustomerId, ServerId } from '../vocabulary/identity.js';
import type { Ipv6Prefix } from '../vocabulary/prefix.js';

/**
 * An operator wants a server to be moved from one prefix to another. Written by the control room, in the name of who asked.
 * Grants and releases nothing: only an Ipv6PrefixAssigned and an Ipv6PrefixReleased of billing do.
 */
export class RenumberingStarted {
  @Is(field.renumberingId) readonly renumberingId!: string;
  @Is(field.serverId) readonly serverId!: ServerId;
  /** Who had the server when it began. */
  @Optional() @Is(field.customerId) readonly customerId?: CustomerId;
  @Is(field.prefix) readonly from!: Ipv6Prefix;
  @Is(field.prefix) readonly to!: Ipv6Prefix;
  /** The old prefix is safe to remove once it was not heard for so long, in seconds. */
  @Is(field.count) readonly quietSeconds!: number;
  /** Who did it, such as `token:night-shift`. */
  @Is(field.text) readonly by!: string;
}

export const renumberingStarted = defineEvent({
  type: 'RenumberingStarted',
  scope: 'own-rooms',
  version: 1,
  dataClass: RenumberingStarted,
  stream: (data) => `renumbering-${data.renumberingId}`,
  read: (from): RenumberingStarted =>
    compact({
      renumberingId: from.need('renumberingId', field.renumberingId),
      serverId: from.need('serverId', field.serverId),
      customerId: from.maybe('customerId', field.customerId),
      from: from.need('from', field.prefix),
      to: from.need('to', field.prefix),
      quietSeconds: from.need('quietSeconds', field.count),
      by: from.need('by', field.text),
    }),
});
