import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * A violation was heard again. Written by our own sensor room, at most once per identity and interval.
 * `count` says how many frames since the last event of this violation; it is a count of frames, not of attacks.
 */
export class ViolationRepeated {
  @Is(field.text) readonly violationId!: string;
  @Is(field.count) readonly count!: number;
  @Is(field.instant) readonly firstFrameTime!: string;
  @Is(field.instant) readonly lastFrameTime!: string;
}

export const violationRepeated = defineEvent({
  type: 'ViolationRepeated',
  scope: 'own-rooms',
  version: 1,
  dataClass: ViolationRepeated,
  stream: (data) => `violation-${data.violationId}`,
  read: (from): ViolationRepeated =>
    compact({
      violationId: from.need('violationId', field.text),
      count: from.need('count', field.count),
      firstFrameTime: from.need('firstFrameTime', field.instant),
      lastFrameTime: from.need('lastFrameTime', field.instant),
    }),
});
