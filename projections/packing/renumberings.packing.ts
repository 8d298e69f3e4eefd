import { type RenumberingState, renumberingStates } from '../../events/index.js';
import { type RenumberingOrder, renumberingOrders } from '../renumbering-table.js';
import type { RenumberingRow } from '../renumberings.projection.js';
import type { Packing } from './packing.js';

const needed = ['serverId', 'from', 'to', 'by'] as const;
const texts = ['customerId', 'reason'] as const;
const times = ['bothLiveAt', 'lastHeard'] as const;

export const packedRenumberings: Packing<RenumberingRow> = {
  pack(row, into) {
    for (const name of needed) into.text(row[name]);
    for (const name of texts) {
      into.flag(row[name] !== undefined);
      if (row[name] !== undefined) into.text(row[name]);
    }
    for (const name of times) {
      into.flag(row[name] !== undefined);
      if (row[name] !== undefined) into.time(row[name]);
    }
    into.time(row.startedAt);
    into.time(row.notedAt);
    into.ordinal(row.quietSeconds);
    into.ordinal(row.heard);
    into.text(row.order);
    into.text(row.noted);
    into.ordinal(row.orderedAt);
  },
  unpack(key, from) {
    const row: Record<string, string | number | undefined> = { renumberingId: key };
    for (const name of needed) row[name] = from.text();
    for (const name of texts) if (from.flag()) row[name] = from.text();
    for (const name of times) if (from.flag()) row[name] = from.time();
    row['startedAt'] = from.time();
    row['notedAt'] = from.time();
    row['quietSeconds'] = from.ordinal();
    row['heard'] = from.ordinal();
    row['order'] = among<RenumberingOrder>(renumberingOrders, from.text());
    row['noted'] = among<RenumberingState>(renumberingStates, from.text());
    row['orderedAt'] = from.ordinal();
    return row as unknown as RenumberingRow;
  },
};

function among<Word extends string>(words: readonly Word[], text: string): Word | undefined {
  return words.find((word) => word === text);
}
