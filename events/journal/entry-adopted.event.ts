import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * By an operator's order an entry that somebody else had made is ours from now on: what nobody is granted is removed.
 * Stream `journal-<device>`, stored before the entry is marked. Does not mean that billing sold the address.
 */
export class EntryAdopted {
  @Is(field.text) readonly device!: string;
  /** The entry in our own notation. */
  @Is(field.journalText) readonly line!: string;
  /** The token of the operator. */
  @Is(field.text) readonly by!: string;
}

export const entryAdopted = defineEvent({
  type: 'EntryAdopted',
  scope: 'own-rooms',
  version: 1,
  dataClass: EntryAdopted,
  stream: (data) => `journal-${data.device}`,
  read: (from): EntryAdopted => ({
    device: from.need('device', field.text),
    line: from.need('line', field.journalText),
    by: from.need('by', field.text),
  }),
});
