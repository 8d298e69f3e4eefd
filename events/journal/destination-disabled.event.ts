import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * Nothing is sent to this destination until an operator enables it: it said itself that it is gone. Stored in `journal-<destination>`.
 * Nothing is lost by it: what was to be told waits.
 */
export class DestinationDisabled {
  @Is(field.text) readonly destination!: string;
  @Is(field.reason) readonly reason!: string;
}

export const destinationDisabled = defineEvent({
  type: 'DestinationDisabled',
  scope: 'own-rooms',
  version: 1,
  dataClass: DestinationDisabled,
  stream: (data) => `journal-${data.destination}`,
  read: (from): DestinationDisabled => ({
    destination: from.need('destination', field.text),
    reason: from.need('reason', field.reason),
  }),
});
