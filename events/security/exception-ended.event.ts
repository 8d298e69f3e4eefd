import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * The exception no longer excuses frames captured at this event's `time` or later.
 * Stream `exception-<exceptionId>`, published by an operator. Does not make violations of what it excused before.
 */
export class ExceptionEnded {
  @Is(field.exceptionId) readonly exceptionId!: string;
  @Is(field.reason) readonly reason!: string;
}

export const exceptionEnded = defineEvent({
  type: 'ExceptionEnded',
  scope: 'operator',
  version: 1,
  dataClass: ExceptionEnded,
  stream: (data) => `exception-${data.exceptionId}`,
  read: (from): ExceptionEnded => ({
    exceptionId: from.need('exceptionId', field.exceptionId),
    reason: from.need('reason', field.reason),
  }),
});
