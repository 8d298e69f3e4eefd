import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';

/**
 * What caused this violation was dealt with. Written by the feed, in the name of who said so.
 * Does not excuse frames heard later: a repetition of them opens it again.
 */
export class ViolationResolved {
  @Is(field.text) readonly violationId!: string;
  /** Who did it, such as `token:night-shift`. */
  @Is(field.text) readonly by!: string;
  @Optional() @Is(field.comment) readonly comment?: string;
}

export const violationResolved = defineEvent({
  type: 'ViolationResolved',
  scope: 'own-rooms',
  version: 1,
  dataClass: ViolationResolved,
  stream: (data) => `violation-${data.violationId}`,
  read: (from): ViolationResolved =>
    compact({
      violationId: from.need('violationId', field.text),
      by: from.need('by', field.text),
      comment: from.maybe('comment', field.comment),
    }),
});
