import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * Somebody says that what was heard is no violation. Written by the feed, in the name of who said so.
 * Does not excuse what is heard later, and does not open again by it: what is expected needs an exception.
 */
export class ViolationMarkedFalsePositive {
  @Is(field.text) readonly violationId!: string;
  /** Who did it, such as `token:night-shift`. */
  @Is(field.text) readonly by!: string;
  /** Why it is none. */
  @Is(field.comment) readonly comment!: string;
}

export const violationMarkedFalsePositive = defineEvent({
  type: 'ViolationMarkedFalsePositive',
  scope: 'own-rooms',
  version: 1,
  dataClass: ViolationMarkedFalsePositive,
  stream: (data) => `violation-${data.violationId}`,
  read: (from): ViolationMarkedFalsePositive => ({
    violationId: from.need('violationId', field.text),
    by: from.need('by', field.text),
    comment: from.need('comment', field.comment),
  }),
});
