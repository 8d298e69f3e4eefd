import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * A message was tried for a day and not taken; the next one goes on after it. Stored in `journal-<destination>`. It can be sent
 * again by an operator. Does not disable the destination.
 */
export class AlertGivenUp {
  @Is(field.text) readonly destination!: string;
  @Is(field.text) readonly messageId!: string;
  @Is(field.text) readonly kind!: string;
  @Is(field.text) readonly firstEventId!: string;
  @Is(field.text) readonly lastEventId!: string;
  @Is(field.count) readonly alerts!: number;
  @Is(field.count) readonly attempts!: number;
  /** What the last try met. */
  @Is(field.reason) readonly reason!: string;
}

export const alertGivenUp = defineEvent({
  type: 'AlertGivenUp',
  scope: 'own-rooms',
  version: 1,
  dataClass: AlertGivenUp,
  stream: (data) => `journal-${data.destination}`,
  read: (from): AlertGivenUp => ({
    destination: from.need('destination', field.text),
    messageId: from.need('messageId', field.text),
    kind: from.need('kind', field.text),
    firstEventId: from.need('firstEventId', field.text),
    lastEventId: from.need('lastEventId', field.text),
    alerts: from.need('alerts', field.count),
    attempts: from.need('attempts', field.count),
    reason: from.need('reason', field.reason),
  }),
});
