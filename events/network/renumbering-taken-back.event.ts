import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional, type PrefixFact } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';
import type { Ipv6Prefix } from '../vocabulary/prefix.js';

/**
 * An operator took the last step of a renumbering back. Where that needs a fact of billing, billing was asked for it; before
 * anything was asked there is nothing to undo. Written by the control room, in the name of who asked.
 */
export class RenumberingTakenBack {
  @Is(field.renumberingId) readonly renumberingId!: string;
  @Is(field.serverId) readonly serverId!: ServerId;
  /** The event that billing was asked for; absent where nothing has to be undone. */
  @Optional() @Is(field.prefixFact) readonly asked?: PrefixFact;
  @Optional() @Is(field.prefix) readonly prefix?: Ipv6Prefix;
  @Is(field.text) readonly by!: string;
  @Is(field.reason) readonly reason!: string;
}

export const renumberingTakenBack = defineEvent({
  type: 'RenumberingTakenBack',
  scope: 'own-rooms',
  version: 1,
  dataClass: RenumberingTakenBack,
  stream: (data) => `renumbering-${data.renumberingId}`,
  read: (from): RenumberingTakenBack =>
    compact({
      renumberingId: from.need('renumberingId', field.renumberingId),
      serverId: from.need('serverId', field.serverId),
      asked: from.maybe('asked', field.prefixFact),
      prefix: from.maybe('prefix', field.prefix),
      by: from.need('by', field.text),
      reason: from.need('reason', field.reason),
    }),
});
