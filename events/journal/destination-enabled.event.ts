import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * An operator lets alerts go to this destination again, and what waited is told. Stored in `journal-<destination>`.
 * Does not mean that it answers.
 */
export class DestinationEnabled {
  @Is(field.text) readonly destination!: string;
  /** The token of the operator. */
  @Is(field.text) readonly by!: string;
}

export const destinationEnabled = defineEvent({
  type: 'DestinationEnabled',
  scope: 'own-rooms',
  version: 1,
  dataClass: DestinationEnabled,
  stream: (data) => `journal-${data.destination}`,
  read: (from): DestinationEnabled => ({
    destination: from.need('destination', field.text),
    by: from.need('by', field.text),
  }),
});
