import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * An operator decided that the unreadable event at the head of this frozen stream is to be passed over.
 * Stored in that same stream by our own rooms; folding it applies the events held behind the skipped one.
 * Does not remove the skipped event from the log.
 */
export class EventSkipped {
  @Is(field.text) readonly eventId!: string;
  @Is(field.reason) readonly reason!: string;
}

export const eventSkipped = defineEvent({
  type: 'EventSkipped',
  scope: 'own-rooms',
  version: 1,
  dataClass: EventSkipped,
  stream: undefined,
  read: (from): EventSkipped =>
    compact({ eventId: from.need('eventId', field.text), reason: from.need('reason', field.reason) }),
});
