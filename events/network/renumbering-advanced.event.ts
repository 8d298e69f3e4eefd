import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional, type PrefixFact } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';
import type { Ipv6Prefix } from '../vocabulary/prefix.js';

/**
 * An operator let a renumbering go on: billing was asked to publish the fact that is named, about this prefix.
 * Does not mean that billing did. Written by the control room, in the name of who asked.
 */
export class RenumberingAdvanced {
  @Is(field.renumberingId) readonly renumberingId!: string;
  @Is(field.serverId) readonly serverId!: ServerId;
  /** The event that billing was asked for. */
  @Is(field.prefixFact) readonly asked!: PrefixFact;
  @Is(field.prefix) readonly prefix!: Ipv6Prefix;
  @Is(field.text) readonly by!: string;
  /** Why, where it went on although the old prefix was not known to be quiet. */
  @Optional() @Is(field.reason) readonly reason?: string;
}

export const renumberingAdvanced = defineEvent({
  type: 'RenumberingAdvanced',
  scope: 'own-rooms',
  version: 1,
  dataClass: RenumberingAdvanced,
  stream: (data) => `renumbering-${data.renumberingId}`,
  read: (from): RenumberingAdvanced =>
    compact({
      renumberingId: from.need('renumberingId', field.renumberingId),
      serverId: from.need('serverId', field.serverId),
      asked: from.need('asked', field.prefixFact),
      prefix: from.need('prefix', field.prefix),
      by: from.need('by', field.text),
      reason: from.maybe('reason', field.reason),
    }),
});
