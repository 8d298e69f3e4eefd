import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';

/**
 * The device may be written to again, as its mode says. Stream `journal-<device>`; `*` stands for every device that was
 * not frozen by its own name. Does not release any other brake.
 */
export class DeviceResumed {
  @Is(field.text) readonly device!: string;
  /** The token of the operator. */
  @Is(field.text) readonly by!: string;
  @Optional() @Is(field.reason) readonly reason?: string;
}

export const deviceResumed = defineEvent({
  type: 'DeviceResumed',
  scope: 'own-rooms',
  version: 1,
  dataClass: DeviceResumed,
  stream: (data) => `journal-${data.device}`,
  read: (from): DeviceResumed =>
    compact({
      device: from.need('device', field.text),
      by: from.need('by', field.text),
      reason: from.maybe('reason', field.reason),
    }),
});
