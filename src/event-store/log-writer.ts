import { canonicalJson } from './canonical-json.js';
import { leafHash } from './leaf-hash.js';
import type { Sqlite } from './sqlite.js';
import type { EventRow, WriteOutcome, WriteRequest } from './writer-messages.js';

/** Appends to an open log file. There is one of these per log, and nothing else writes. */
export class LogWriter {
  /** Milliseconds since 1970: no later event is stamped earlier. */
  private latest: number;
  private readonly lastOrdinal;
  private readonly lastRevision;
  private readonly rowOf;
  private readonly insert;
  private readonly inOneTransaction;

  constructor(db: Sqlite) {
    this.lastOrdinal = db.prepare<[], number | null>('SELECT max(ordinal) FROM event').pluck();
    this.lastRevision = db.prepare<[string], number | null>('SELECT max(revision) FROM event WHERE stream = ?').pluck();
    this.rowOf = db
      .prepare<[string], EventRow>('SELECT ordinal, stream, revision, id, type, data, metadata FROM event WHERE id = ?')
      .raw();
    this.insert = db.prepare<[...EventRow, Buffer]>('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.inOneTransaction = db.transaction((requests: readonly WriteRequest[], recordedAt: string) =>
      requests.map((request) => this.appendOne(request, recordedAt)),
    );
    const newest = db.prepare<[], string>('SELECT metadata FROM event ORDER BY ordinal DESC LIMIT 1').pluck().get();
    this.latest = newest === undefined ? -Infinity : recordedAtOf(newest);
  }

  /**
   * Stores what can be stored of these requests in one durable transaction, each checked in turn.
   * @param at the time by the engine's clock, milliseconds since 1970
   * @throws whatever SQLite throws; then nothing of it was stored
   */
  append(requests: readonly WriteRequest[], at: number): WriteOutcome[] {
    const stamp = Math.max(at, this.latest);
    const outcomes = this.inOneTransaction.immediate(requests, new Date(stamp).toISOString());
    if (outcomes.some(({ outcome }) => outcome === 'stored')) this.latest = stamp;
    return outcomes;
  }

  private appendOne(request: WriteRequest, recordedAt: string): WriteOutcome {
    const already = this.alreadyThere(request);
    if (already !== undefined) return already;
    const actual = this.lastRevision.get(request.stream) ?? -1;
    if (request.expected !== 'any' && request.expected !== actual)
      return { outcome: 'wrong-revision', expected: request.expected, actual };
    const ordinal = (this.lastOrdinal.get() ?? -1) + 1;
    const metadata = request.events.map(({ id, type, data, metadata: given }, index) => {
      const leaf = { id, stream: request.stream, type, data, metadata: stamped(given, recordedAt) };
      const place = [ordinal + index, leaf.stream, actual + 1 + index] as const;
      this.insert.run(...place, id, type, data, leaf.metadata, leafHash(leaf));
      return leaf.metadata;
    });
    return { outcome: 'stored', ordinal, revision: actual + 1, metadata };
  }

  /** What the ids alone say, before any revision is looked at; undefined when all of them are new. */
  private alreadyThere({ stream, events }: WriteRequest): WriteOutcome | undefined {
    const rows: EventRow[] = [];
    const seen = new Set<string>();
    let missing = 0;
    let elsewhere: string | undefined;
    for (const { id } of events) {
      const row = this.rowOf.get(id);
      if (row === undefined) missing++;
      else rows.push(row);
      if (seen.has(id) || (row !== undefined && row[1] !== stream)) elsewhere ??= id;
      seen.add(id);
    }
    if (elsewhere !== undefined) return { outcome: 'id-conflict', id: elsewhere };
    const [first] = rows;
    if (first === undefined) return undefined;
    return missing > 0 ? { outcome: 'id-conflict', id: first[3] } : { outcome: 'duplicate', rows };
  }
}

function stamped(metadata: string, recordedAt: string): string {
  return canonicalJson({ ...(JSON.parse(metadata) as object), recordedAt });
}

function recordedAtOf(metadata: string): number {
  const { recordedAt } = JSON.parse(metadata) as { recordedAt: string };
  return Date.parse(recordedAt);
}
