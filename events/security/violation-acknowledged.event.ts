import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';

/**
 * Somebody works on this violation. Written by the feed, in the name of who asked for it; `assignee` is who has it now.
 * Does not mute it, and does not mean that anything was done about it.
 */
export class ViolationAcknowledged {
  @Is(field.text) readonly violationId!: string;
  /** Who did it, such as `token:night-shift`. */
  @Is(field.text) readonly by!: string;
  /** Who is to work on it; the one who acknowledged it where nobody else was named. */
  @Is(field.text) readonly assignee!: string;
  @Optional() @Is(field.comment) readonly comment?: string;
}

export const violationAcknowledged = defineEvent({
  type: 'ViolationAcknowledged',
  scope: 'own-rooms',
  version: 1,
  dataClass: ViolationAcknowledged,
  stream: (data) => `violation-${data.violationId}`,
  read: (from): ViolationAcknowledged =>
    compact({
      violationId: from.need('violationId', field.text),
      by: from.need('by', field.text),
      assignee: from.need('assignee', field.text),
      comment: from.maybe('comment', field.comment),
    }),
});
