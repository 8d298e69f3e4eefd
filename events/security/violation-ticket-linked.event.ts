import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * The work on this violation is written down elsewhere too. Written by the feed, in the name of who linked it; the latest link counts.
 * Does not mean that anybody acknowledged it. The engine never opens the address.
 */
export class ViolationTicketLinked {
  @Is(field.text) readonly violationId!: string;
  /** Who did it, such as `token:night-shift`. */
  @Is(field.text) readonly by!: string;
  @Is(field.url) readonly url!: string;
}

export const violationTicketLinked = defineEvent({
  type: 'ViolationTicketLinked',
  scope: 'own-rooms',
  version: 1,
  dataClass: ViolationTicketLinked,
  stream: (data) => `violation-${data.violationId}`,
  read: (from): ViolationTicketLinked => ({
    violationId: from.need('violationId', field.text),
    by: from.need('by', field.text),
    url: from.need('url', field.url),
  }),
});
