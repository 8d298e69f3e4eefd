import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * Somebody gets alerts at this destination from here on. Stored in `journal-<destination>` when the engine first meets it in its
 * configuration. Nothing that the log held before it is alerted there.
 */
export class DestinationAdded {
  @Is(field.text) readonly destination!: string;
  /** `webhook`, `syslog` or `mail`. */
  @Is(field.text) readonly variety!: string;
}

export const destinationAdded = defineEvent({
  type: 'DestinationAdded',
  scope: 'own-rooms',
  version: 1,
  dataClass: DestinationAdded,
  stream: (data) => `journal-${data.destination}`,
  read: (from): DestinationAdded => ({
    destination: from.need('destination', field.text),
    variety: from.need('variety', field.text),
  }),
});
