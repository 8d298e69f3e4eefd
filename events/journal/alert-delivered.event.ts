import { compact, defineEvent } from '../contract.js';
import { field, Is, ListOf, Optional } from '../vocabulary/fields.js';

/** More than one message names. */
export const mostNamed = 100;

/**
 * This destination took what was to be told about everything up to an event of the log. Stored in `journal-<destination>`, one for
 * a message, or for several that went one after the other within a second. Does not mean that anybody has read them.
 */
export class AlertDelivered {
  @Is(field.text) readonly destination!: string;
  /** Of the last message. */
  @Is(field.text) readonly messageId!: string;
  /** What it was, such as `violation.new`; `several` where the messages were not of one kind. */
  @Is(field.text) readonly kind!: string;
  @Is(field.count) readonly messages!: number;
  /** How many alerts the messages stood for. */
  @Is(field.count) readonly alerts!: number;
  /** How often the last message was tried. */
  @Is(field.count) readonly attempts!: number;
  /** Absent where no event of the log was told: an alert of the engine itself. */
  @Optional() @Is(field.text) readonly upToEventId?: string;
  @Optional() @ListOf(field.text, mostNamed) readonly violationIds?: readonly string[];
  /** Alerts of the engine itself that were told, and those whose end was told. */
  @Optional() @ListOf(field.journalText, mostNamed) readonly raised?: readonly string[];
  @Optional() @ListOf(field.journalText, mostNamed) readonly cleared?: readonly string[];
}

export const alertDelivered = defineEvent({
  type: 'AlertDelivered',
  scope: 'own-rooms',
  version: 1,
  dataClass: AlertDelivered,
  stream: (data) => `journal-${data.destination}`,
  read: (from): AlertDelivered =>
    compact({
      destination: from.need('destination', field.text),
      messageId: from.need('messageId', field.text),
      kind: from.need('kind', field.text),
      messages: from.need('messages', field.count),
      alerts: from.need('alerts', field.count),
      attempts: from.need('attempts', field.count),
      upToEventId: from.maybe('upToEventId', field.text),
      violationIds: from.maybeList('violationIds', field.text, mostNamed),
      raised: from.maybeList('raised', field.journalText, mostNamed),
      cleared: from.maybeList('cleared', field.journalText, mostNamed),
    }),
});
