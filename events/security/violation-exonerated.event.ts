import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * Judged by what is known today of the time of its frames, this violation was none: a fact arrived late or was corrected.
 * Written by our own sensor room; `eventId` is the fact that says so. Does not remove the violation from the log, and does
 * not excuse frames heard later: a repetition of them opens it again.
 */
export class ViolationExonerated {
  @Is(field.text) readonly violationId!: string;
  @Is(field.text) readonly eventId!: string;
  @Is(field.reason) readonly reason!: string;
}

export const violationExonerated = defineEvent({
  type: 'ViolationExonerated',
  scope: 'own-rooms',
  version: 1,
  dataClass: ViolationExonerated,
  stream: (data) => `violation-${data.violationId}`,
  read: (from): ViolationExonerated => ({
    violationId: from.need('violationId', field.text),
    eventId: from.need('eventId', field.text),
    reason: from.need('reason', field.reason),
  }),
});
