import { StoreError, type TreeHead } from '../event-store.port.js';
import { frontierOf, insertSubtree, keptHashes } from './kept-hashes.js';
import { leafHash } from '../leaf-hash.js';
import { Frontier, type KeptHashes } from '../merkle-tree.js';
import { RevisionCache } from './revision-cache.js';
import { type CheckedRow, placeCheck, RowCheck } from './row-check.js';
import type { Sqlite } from '../sqlite.js';
import type { EventRow, WriteCall, WriteEvent, WriteOutcome, WriteRequest } from './writer-messages.js';

/** A call with its time. */
export type StampedCall = WriteCall & { readonly at: number };

/** Appends to an open log file. There is one of these per log, and nothing else writes. */
export class LogWriter {
  private readonly revisions = new RevisionCache();
  private readonly kept: KeptHashes;
  private readonly check: RowCheck;
  private readonly insertSubtree;
  private readonly lastOrdinal;
  private readonly lastRevision;
  private readonly lastMetadata;
  private readonly rowOf;
  private readonly insert;
  private readonly takeOut;
  private readonly begin;
  private readonly commit;
  // What is known of the log from memory: of no worth after a transaction that failed.
  private next = 0;
  private frontier = Frontier.empty();
  /** Milliseconds since 1970: no later event is stamped earlier. */
  private latest = -Infinity;

  constructor(
    private readonly db: Sqlite,
    private readonly path: string,
  ) {
    this.kept = keptHashes(db, 2);
    this.check = new RowCheck(db, path, 2);
    this.insertSubtree = insertSubtree(db);
    this.lastOrdinal = db.prepare<[], number | null>('SELECT max(ordinal) FROM event').pluck();
    this.lastRevision = db.prepare<[string], number | null>('SELECT max(revision) FROM event WHERE stream = ?').pluck();
    this.lastMetadata = db.prepare<[], string>('SELECT metadata FROM event ORDER BY ordinal DESC LIMIT 1').pluck();
    this.rowOf = db.prepare<[string], CheckedRow>(`SELECT ${this.check.columns} FROM event WHERE id = ?`).raw();
    this.insert = db.prepare<[...EventRow, Buffer, number]>(
      'INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    );
    this.takeOut = db.prepare<[number]>('DELETE FROM event WHERE ordinal >= ?');
    this.begin = db.prepare('BEGIN IMMEDIATE');
    this.commit = db.prepare('COMMIT');
    this.reload();
  }

  /** The tree over everything that is stored. */
  head(): TreeHead {
    return { size: this.frontier.size, root: this.frontier.root() };
  }

  /**
   * Stores what can be stored of these calls in one durable transaction, each append checked in turn; more calls may
   * come while it works.
   * @returns the outcomes in the order of the appends; when it returns, they are durable
   * @throws whatever SQLite throws; then nothing of it was stored
   */
  append(calls: Iterable<StampedCall>): WriteOutcome[] {
    const outcomes: WriteOutcome[] = [];
    this.begin.run();
    try {
      for (const { requests, at, onlyNew } of calls) {
        const stamp = Math.max(at, this.latest);
        const recordedAt = new Date(stamp).toISOString();
        if (onlyNew) this.appendNew(requests, stamp, recordedAt, outcomes);
        else for (const request of requests) outcomes.push(this.appendOne(request, stamp, recordedAt));
      }
      this.commit.run();
      return outcomes;
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      this.reload();
      throw error;
    }
  }

  /** Tries whether a commit finds room for a few events, and leaves nothing behind. @throws whatever SQLite throws */
  probe(): void {
    this.db.prepare(`INSERT OR REPLACE INTO meta VALUES ('probe', hex(zeroblob(32768)))`).run();
    this.db.prepare(`DELETE FROM meta WHERE key = 'probe'`).run();
  }

  private appendOne({ stream, expected, events }: WriteRequest, at: number, recordedAt: string): WriteOutcome {
    const actual = this.revisionOf(stream);
    if (expected !== 'any' && expected !== actual)
      return this.alreadyThere(stream, events) ?? { outcome: 'wrong-revision', expected, actual };
    const ordinal = this.next;
    const leaves: Buffer[] = [];
    const taken = this.insertEvents(stream, actual + 1, events, recordedAt, leaves);
    if (taken !== undefined) {
      if (leaves.length > 0) this.takeOut.run(ordinal);
      this.next = ordinal;
      return this.alreadyThere(stream, events) ?? this.neverBoth(taken);
    }
    if (leaves.length > 0) this.revisions.set(stream, actual + leaves.length);
    this.grow(leaves, at);
    return { outcome: 'stored', ordinal, revision: actual + 1, at };
  }

  /** Stores all of these appends or, where some id is not new, none; adds an outcome for each. */
  private appendNew(requests: readonly WriteRequest[], at: number, recordedAt: string, outcomes: WriteOutcome[]): void {
    const first = this.next;
    const leaves: Buffer[] = [];
    const stored: WriteOutcome[] = [];
    for (const { stream, events } of requests) {
      const ordinal = this.next;
      const revision = this.revisionOf(stream) + 1;
      if (this.insertEvents(stream, revision, events, recordedAt, leaves) !== undefined) {
        this.takeOut.run(first);
        this.next = first;
        for (const request of requests) {
          this.revisions.forget(request.stream);
          outcomes.push({ outcome: 'not-new' });
        }
        return;
      }
      this.revisions.set(stream, revision + events.length - 1);
      stored.push({ outcome: 'stored', ordinal, revision, at });
    }
    this.grow(leaves, at);
    outcomes.push(...stored);
  }

  /** Inserts events from `next` on and adds their leaves; stops at an id that the log has already, and returns that. */
  private insertEvents(
    stream: string,
    firstRevision: number,
    events: readonly WriteEvent[],
    recordedAt: string,
    leaves: Buffer[],
  ): string | undefined {
    let revision = firstRevision;
    for (const { id, type, data, metadata, stampAt } of events) {
      const ordinal = this.next;
      const stamped = metadata.slice(0, stampAt) + recordedAt + metadata.slice(stampAt + recordedAt.length);
      const leaf = leafHash({ id, stream, type, data, metadata: stamped });
      const place = placeCheck(ordinal, revision);
      if (this.insert.run(ordinal, stream, revision, id, type, data, stamped, leaf, place).changes === 0) return id;
      leaves.push(leaf);
      this.next++;
      revision++;
    }
    return undefined;
  }

  /** The tree takes in what was inserted. */
  private grow(leaves: readonly Buffer[], at: number): void {
    for (const leaf of leaves) this.frontier.push(leaf, this.insertSubtree);
    if (leaves.length > 0) this.latest = at;
  }

  private revisionOf(stream: string): number {
    return this.revisions.get(stream) ?? this.lastRevision.get(stream) ?? -1;
  }

  /** What the ids alone say, whatever revision is expected; undefined when all of them are new. */
  private alreadyThere(stream: string, events: readonly WriteEvent[]): WriteOutcome | undefined {
    const rows: EventRow[] = [];
    const seen = new Set<string>();
    let missing = 0;
    let elsewhere: string | undefined;
    for (const { id } of events) {
      const row = this.rowOf.get(id);
      if (row === undefined) missing++;
      else rows.push(this.check.row(row));
      if (seen.has(id) || (row !== undefined && row[1] !== stream)) elsewhere ??= id;
      seen.add(id);
    }
    if (elsewhere !== undefined) return { outcome: 'id-conflict', id: elsewhere };
    const [first] = rows;
    if (first === undefined) return undefined;
    return missing > 0 ? { outcome: 'id-conflict', id: first[3] } : { outcome: 'duplicate', rows };
  }

  private neverBoth(id: string): never {
    throw new StoreError(
      'store-corrupt',
      `${this.path} says that event ${id} is stored, and does not find it. The file was left as it is. Restore the directory from a backup or a copy of the log.`,
    );
  }

  private reload(): void {
    this.revisions.clear();
    this.next = (this.lastOrdinal.get() ?? -1) + 1;
    this.frontier = frontierOf(this.kept, this.next, this.path);
    const newest = this.lastMetadata.get();
    this.latest = newest === undefined ? -Infinity : recordedAtOf(newest);
  }
}

function recordedAtOf(metadata: string): number {
  const { recordedAt } = JSON.parse(metadata) as { recordedAt: string };
  return Date.parse(recordedAt);
}
