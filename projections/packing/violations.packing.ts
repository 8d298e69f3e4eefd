import type { ViolationRow } from '../violations.projection.js';
import type { Packing } from './packing.js';
import type { RowReader } from './row-reader.js';
import type { RowWriter } from './row-writer.js';

/** What becomes of a field: `text` and `whole` are always there, those with a question mark may be absent. */
type Kind = 'text' | 'text?' | 'whole' | 'whole?' | 'time' | 'ordinal';

/** Every field but the key, in the order of their bytes; the compiler misses one that is not named here. */
const fields: Readonly<Record<Exclude<keyof ViolationRow, 'violationId'>, Kind>> = {
  rule: 'text',
  ruleVersion: 'whole',
  severity: 'text',
  sensor: 'text',
  attribution: 'text',
  site: 'text',
  switch: 'text',
  port: 'text?',
  vlan: 'whole?',
  observation: 'text',
  etherSource: 'text',
  claimedMac: 'text',
  claimedAddress: 'text?',
  frameTime: 'text',
  judgedAtOrdinal: 'whole?',
  offenderServerId: 'text?',
  offenderCustomerId: 'text?',
  victimServerId: 'text?',
  victimCustomerId: 'text?',
  detail: 'text',
  count: 'whole',
  firstSeen: 'time',
  lastSeen: 'time',
  changedAt: 'ordinal',
  position: 'text',
};
const named = Object.entries(fields) as [keyof ViolationRow, Kind][];

export const packedViolations: Packing<ViolationRow> = {
  pack(row, into) {
    for (const [name, kind] of named) packField(row[name], kind, into);
  },
  unpack(key, from) {
    const row: Record<string, string | number> = { violationId: key };
    for (const [name, kind] of named) {
      const value = unpackField(kind, from);
      if (value !== undefined) row[name] = value;
    }
    return row as unknown as ViolationRow;
  },
};

function packField(value: string | number | undefined, kind: Kind, into: RowWriter): void {
  if (kind.endsWith('?')) into.flag(value !== undefined);
  if (typeof value === 'string') into.text(value);
  else if (value === undefined) return;
  else if (kind === 'time') into.time(value);
  else if (kind === 'ordinal') into.ordinal(value);
  else into.whole(value);
}

function unpackField(kind: Kind, from: RowReader): string | number | undefined {
  switch (kind) {
    case 'text':
      return from.text();
    case 'text?':
      return from.flag() ? from.text() : undefined;
    case 'whole':
      return from.whole();
    case 'whole?':
      return from.flag() ? from.whole() : undefined;
    case 'time':
      return from.time();
    case 'ordinal':
      return from.ordinal();
  }
}
