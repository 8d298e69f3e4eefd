import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';

/**
 * The gateway reactor is about to write to a device. Stream `journal-<device>`, stored before the first write.
 * Does not mean that anything was written: ReconcileFinished says what happened.
 */
export class ReconcileStarted {
  @Is(field.text) readonly planId!: string;
  @Is(field.text) readonly device!: string;
  /** The ordinal of the last event in the map the plan was made from. */
  @Is(field.count) readonly desiredOrdinal!: number;
  @Is(field.text) readonly planHash!: string;
  /** The token that released a tripped brake for this plan. */
  @Optional() @Is(field.text) readonly confirmedBy?: string;
}

export const reconcileStarted = defineEvent({
  type: 'ReconcileStarted',
  scope: 'own-rooms',
  version: 1,
  dataClass: ReconcileStarted,
  stream: (data) => `journal-${data.device}`,
  read: (from): ReconcileStarted =>
    compact({
      planId: from.need('planId', field.text),
      device: from.need('device', field.text),
      desiredOrdinal: from.need('desiredOrdinal', field.count),
      planHash: from.need('planHash', field.text),
      confirmedBy: from.maybe('confirmedBy', field.text),
    }),
});
