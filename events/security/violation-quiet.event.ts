import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * Nothing was heard of this violation for so long. Written by the feed, once for each silence.
 * Does not close it: a device that is switched off is as quiet as one that was mended. The next frame ends it.
 */
export class ViolationQuiet {
  @Is(field.text) readonly violationId!: string;
  /** Capture time of the last frame before the silence. */
  @Is(field.instant) readonly lastFrameTime!: string;
  @Is(field.count) readonly hours!: number;
}

export const violationQuiet = defineEvent({
  type: 'ViolationQuiet',
  scope: 'own-rooms',
  version: 1,
  dataClass: ViolationQuiet,
  stream: (data) => `violation-${data.violationId}`,
  read: (from): ViolationQuiet => ({
    violationId: from.need('violationId', field.text),
    lastFrameTime: from.need('lastFrameTime', field.instant),
    hours: from.need('hours', field.count),
  }),
});
