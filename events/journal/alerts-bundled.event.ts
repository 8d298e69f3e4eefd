import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * One message is about to be sent that stands for many alerts: those of all events from the first to the last named here. Stored
 * in `journal-<destination>` before it is sent, so that it is the same message after a crash. Does not mean that it arrived.
 */
export class AlertsBundled {
  @Is(field.text) readonly destination!: string;
  /** The message's own id, the same at every try. */
  @Is(field.text) readonly messageId!: string;
  @Is(field.text) readonly firstEventId!: string;
  @Is(field.text) readonly lastEventId!: string;
  @Is(field.count) readonly alerts!: number;
}

export const alertsBundled = defineEvent({
  type: 'AlertsBundled',
  scope: 'own-rooms',
  version: 1,
  dataClass: AlertsBundled,
  stream: (data) => `journal-${data.destination}`,
  read: (from): AlertsBundled => ({
    destination: from.need('destination', field.text),
    messageId: from.need('messageId', field.text),
    firstEventId: from.need('firstEventId', field.text),
    lastEventId: from.need('lastEventId', field.text),
    alerts: from.need('alerts', field.count),
  }),
});
