import type { TriageEntry } from '../triage-history.js';
import type { ViolationRow } from '../violations.projection.js';
import type { Packing } from './packing.js';
import type { RowReader } from './row-reader.js';
import type { RowWriter } from './row-writer.js';

/** What becomes of a field: `text` and `whole` are always there, those with a question mark may be absent. */
type Kind =
  | 'text'
  | 'text?'
  | 'whole'
  | 'whole?'
  | 'wholes'
  | 'time'
  | 'time?'
  | 'ordinal'
  | 'flag'
  | 'flag?'
  | 'texts?'
  | 'entries?';

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
  tentative: 'flag',
  said: 'text?',
  alsoMatched: 'texts?',
  sampled: 'flag?',
  state: 'text',
  assignee: 'text?',
  acknowledgedAt: 'time?',
  closedAt: 'time?',
  reopenedFrom: 'text?',
  quiet: 'flag?',
  ticket: 'text?',
  containmentAt: 'time?',
  containmentRefused: 'text?',
  history: 'entries?',
  exoneratedBy: 'text?',
  evidenceSha256: 'text?',
  evidenceFrames: 'whole?',
  count: 'whole',
  firstSeen: 'time',
  lastSeen: 'time',
  hours: 'wholes',
  guessedHour: 'whole?',
  detectedAt: 'ordinal',
  actedAt: 'ordinal',
  openedPosition: 'text',
  changedAt: 'ordinal',
  position: 'text',
};
const named = Object.entries(fields) as [keyof ViolationRow, Kind][];

type Value = string | number | boolean | readonly number[] | readonly string[] | readonly TriageEntry[];

export const packedViolations: Packing<ViolationRow> = {
  pack(row, into) {
    for (const [name, kind] of named) packField(row[name], kind, into);
  },
  unpack(key, from) {
    const row: Record<string, Value> = { violationId: key };
    for (const [name, kind] of named) {
      const value = unpackField(kind, from);
      if (value !== undefined) row[name] = value;
    }
    return row as unknown as ViolationRow;
  },
};

function packField(value: Value | undefined, kind: Kind, into: RowWriter): void {
  if (kind.endsWith('?')) into.flag(value !== undefined);
  if (value === undefined) return;
  if (typeof value === 'string') into.text(value);
  else if (typeof value === 'boolean') into.flag(value);
  else if (typeof value === 'object' && kind === 'entries?') packEntries(value as readonly TriageEntry[], into);
  else if (typeof value === 'object' && kind === 'wholes') packWholes(value as readonly number[], into);
  else if (typeof value === 'object') packTexts(value as readonly string[], into);
  else if (kind.startsWith('time')) into.time(value);
  else if (kind === 'ordinal') into.ordinal(value);
  else into.whole(value);
}

function packTexts(texts: readonly string[], into: RowWriter): void {
  into.whole(texts.length);
  for (const text of texts) into.text(text);
}

function packWholes(numbers: readonly number[], into: RowWriter): void {
  into.whole(numbers.length);
  for (const number of numbers) into.whole(number);
}

const entryTexts = ['by', 'assignee', 'text', 'from'] as const;

function packEntries(entries: readonly TriageEntry[], into: RowWriter): void {
  into.whole(entries.length);
  for (const entry of entries) {
    into.text(entry.what);
    into.stamp({ time: entry.at, ordinal: entry.ordinal });
    for (const name of entryTexts) {
      into.flag(entry[name] !== undefined);
      if (entry[name] !== undefined) into.text(entry[name]);
    }
  }
}

function unpackEntry(from: RowReader): TriageEntry {
  const what = from.text();
  const { time: at, ordinal } = from.stamp();
  const entry: Record<string, string | number> = { what, at, ordinal };
  for (const name of entryTexts) if (from.flag()) entry[name] = from.text();
  return entry as unknown as TriageEntry;
}

function unpackField(kind: Kind, from: RowReader): Value | undefined {
  if (kind.endsWith('?') && !from.flag()) return undefined;
  switch (kind) {
    case 'text':
    case 'text?':
      return from.text();
    case 'whole':
    case 'whole?':
      return from.whole();
    case 'wholes':
      return Array.from({ length: from.whole() }, () => from.whole());
    case 'time':
    case 'time?':
      return from.time();
    case 'ordinal':
      return from.ordinal();
    case 'flag':
    case 'flag?':
      return from.flag();
    case 'entries?':
      return Array.from({ length: from.whole() }, () => unpackEntry(from));
    case 'texts?':
      return Array.from({ length: from.whole() }, () => from.text());
  }
}
