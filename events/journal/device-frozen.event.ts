import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * From now on nothing is written to this device, withdrawals included. Stream `journal-<device>`; `*` stands for every device.
 * Does not mean that the device is in a good state, and takes nothing from it.
 */
export class DeviceFrozen {
  @Is(field.text) readonly device!: string;
  @Is(field.reason) readonly reason!: string;
  /** The token of the operator, or `portledger` where the engine did it by itself. */
  @Is(field.text) readonly by!: string;
}

export const deviceFrozen = defineEvent({
  type: 'DeviceFrozen',
  scope: 'own-rooms',
  version: 1,
  dataClass: DeviceFrozen,
  stream: (data) => `journal-${data.device}`,
  read: (from): DeviceFrozen => ({
    device: from.need('device', field.text),
    reason: from.need('reason', field.reason),
    by: from.need('by', field.text),
  }),
});
