import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';

/**
 * The mail server took a day report; it names no mail address, for those are of people. By it the next start knows which local
 * days need none any more. Stored in `journal-report:day`, a name that no device and no destination of alerts can have. Does not
 * mean that anybody has read it.
 */
export class DayReportMailed {
  /** The local day it was due on; absent where somebody had it sent beside the plan. */
  @Optional() @Is(field.localDay) readonly day?: string;
  /** It tells what was recorded after this and up to `to`. */
  @Is(field.instant) readonly from!: string;
  @Is(field.instant) readonly to!: string;
  @Is(field.text) readonly messageId!: string;
  /** How many recipients the server took it for, and for how many it did not. */
  @Is(field.count) readonly recipients!: number;
  @Is(field.count) readonly refused!: number;
  @Is(field.count) readonly attempts!: number;
  /** Who had it sent; absent for the engine itself. */
  @Optional() @Is(field.text) readonly by?: string;
}

export const dayReportMailed = defineEvent({
  type: 'DayReportMailed',
  scope: 'own-rooms',
  version: 1,
  dataClass: DayReportMailed,
  stream: () => 'journal-report:day',
  read: (from): DayReportMailed =>
    compact({
      day: from.maybe('day', field.localDay),
      from: from.need('from', field.instant),
      to: from.need('to', field.instant),
      messageId: from.need('messageId', field.text),
      recipients: from.need('recipients', field.count),
      refused: from.need('refused', field.count),
      attempts: from.need('attempts', field.count),
      by: from.maybe('by', field.text),
    }),
});
