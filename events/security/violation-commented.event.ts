import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * Somebody wrote something down about this violation. Written by the feed, in the name of who said it.
 * The text is of a person: nothing acts on it, and who shows it escapes what would forge a line.
 */
export class ViolationCommented {
  @Is(field.text) readonly violationId!: string;
  /** Who did it, such as `token:night-shift`. */
  @Is(field.text) readonly by!: string;
  @Is(field.comment) readonly text!: string;
}

export const violationCommented = defineEvent({
  type: 'ViolationCommented',
  scope: 'own-rooms',
  version: 1,
  dataClass: ViolationCommented,
  stream: (data) => `violation-${data.violationId}`,
  read: (from): ViolationCommented => ({
    violationId: from.need('violationId', field.text),
    by: from.need('by', field.text),
    text: from.need('text', field.comment),
  }),
});
