import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';

/**
 * The mute is over: its violations alert again from here on. Written by the feed, when it expired or somebody ended it.
 * Does not mean that any of them was heard again.
 */
export class ViolationMuteEnded {
  @Is(field.muteId) readonly muteId!: string;
  /** Who ended it; `expiry` where nobody did. */
  @Is(field.text) readonly by!: string;
  @Optional() @Is(field.reason) readonly reason?: string;
}

export const violationMuteEnded = defineEvent({
  type: 'ViolationMuteEnded',
  scope: 'own-rooms',
  version: 1,
  dataClass: ViolationMuteEnded,
  stream: (data) => `mute-${data.muteId}`,
  read: (from): ViolationMuteEnded =>
    compact({
      muteId: from.need('muteId', field.muteId),
      by: from.need('by', field.text),
      reason: from.maybe('reason', field.reason),
    }),
});
