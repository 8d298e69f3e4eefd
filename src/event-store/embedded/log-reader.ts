import { join } from 'node:path';
import type { StoredEvent } from '../../../events/index.js';
import { type ReadPage, StoreError } from '../event-store.port.js';
import { checkAgainstHead, readHead } from './head-file.js';
import { frontierOf, keptHashes } from './kept-hashes.js';
import { identifyWholeLog, logExists, logFileName, type LogIdentity } from './log-file.js';
import type { KeptHashes } from '../merkle-tree.js';
import { type CheckedRow, RowCheck } from './row-check.js';
import { openSqlite, type Sqlite } from '../sqlite.js';
import { asStoreError } from '../store-error.js';
import { ordinalOf } from './stored-row.js';

/**
 * Reads an open log, never writes it. Each page is a read transaction of its own, so that no reader holds up the writer.
 * Every row is checked against its leaf hash and its place before anybody sees it; one that is not as it was written, or
 * is missing among others, is a StoreError `store-corrupt`.
 */
export class LogReader {
  readonly kept: KeptHashes;
  private readonly check: RowCheck;
  private readonly after;
  private readonly before;
  private readonly ofStream;
  private readonly ofStreamBackwards;
  private readonly withId;
  private readonly withOrdinals;
  private readonly placesOf;
  private readonly last;
  private readonly lastOrdinal;

  private constructor(
    private readonly db: Sqlite,
    readonly path: string,
    readonly identity: LogIdentity,
  ) {
    this.kept = keptHashes(db, identity.version);
    this.check = new RowCheck(db, path, identity.version);
    const select = `SELECT ${this.check.columns} FROM event`;
    const rows = (rest: string) => db.prepare<[number, number], CheckedRow>(`${select} ${rest} LIMIT ?`).raw();
    const streamRows = (rest: string) =>
      db.prepare<[string, number, number], CheckedRow>(`${select} WHERE stream = ? AND ${rest} LIMIT ?`).raw();
    this.after = rows('WHERE ordinal > ? ORDER BY ordinal');
    this.before = rows('WHERE ordinal < ? ORDER BY ordinal DESC');
    this.ofStream = streamRows('revision >= ? ORDER BY revision');
    this.ofStreamBackwards = streamRows('revision <= ? ORDER BY revision DESC');
    this.withId = db.prepare<[string], CheckedRow>(`${select} WHERE id = ?`).raw();
    // A list goes in as one text, so that one query answers it whatever its length.
    this.withOrdinals = db
      .prepare<[string], CheckedRow>(`${select} WHERE ordinal IN (SELECT value FROM json_each(?)) ORDER BY ordinal`)
      .raw();
    this.placesOf = db
      .prepare<[string], [stream: string, revision: number, ordinal: number]>(
        'SELECT stream, revision, ordinal FROM event WHERE stream IN (SELECT value FROM json_each(?)) ORDER BY stream, revision',
      )
      .raw();
    this.last = db.prepare<[], CheckedRow>(`${select} ORDER BY ordinal DESC LIMIT 1`).raw();
    this.lastOrdinal = db.prepare<[], number | null>('SELECT max(ordinal) FROM event').pluck();
  }

  /**
   * Opens the log in this directory for reading; needs no lock, whether an engine runs on it or not. The log is compared
   * with the head file beside it, where there is one.
   */
  static open(directory: string): LogReader {
    const path = join(directory, logFileName);
    if (!logExists(path))
      throw new StoreError('store-path-missing', `There is no log at ${path}. Name the directory that holds the log.`);
    let db: Sqlite | undefined;
    try {
      // Before the log: that may grow meanwhile, and is never behind what was recorded of it.
      const recorded = readHead(directory);
      db = openSqlite(path, { access: 'read', waitForLocksMs: 2000 });
      const reader = new LogReader(db, path, identifyWholeLog(db, path));
      if (recorded !== undefined)
        checkAgainstHead(directory, recorded, {
          logId: reader.identity.logId,
          size: reader.size(),
          rootAt: (size) => frontierOf(reader.kept, size, path).root(),
        });
      return reader;
    } catch (error) {
      db?.close();
      throw asStoreError(error, 'Opening', path);
    }
  }

  get isOpen(): boolean {
    return this.db.open;
  }

  /** How many events the log holds. */
  size(): number {
    return (this.lastOrdinal.get() ?? -1) + 1;
  }

  /** At most `limit` events from ordinal `first` on. */
  from(first: number, limit: number): StoredEvent[] {
    return this.rowsFrom(first, limit).map((row) => this.check.event(row));
  }

  /** The same as one JSON text, a list, with the number of its events. */
  textFrom(first: number, limit: number): { readonly text: string; readonly count: number } {
    const rows = this.rowsFrom(first, limit);
    let text = '[';
    for (const row of rows) text += (text === '[' ? '' : ',') + this.check.eventText(row);
    return { text: `${text}]`, count: rows.length };
  }

  pageOfStream(stream: string, fromRevision: number, limit: number): ReadPage {
    const rows = this.ofStream.all(stream, fromRevision, limit + 1);
    const next = rows.length > limit ? String(rows.pop()?.[2]) : undefined;
    this.assertNoGap(rows, ([, , revision]) => revision, fromRevision, 1, `events of ${stream} between revisions`);
    return { events: rows.map((row) => this.check.event(row)), next };
  }

  pageOfAllBackwards(before: string | undefined, limit: number): ReadPage {
    const size = this.size();
    const first = before === undefined ? size : Math.min(ordinalOf(before), size);
    const rows = this.before.all(first, limit);
    this.assertNoGap(rows, ([ordinal]) => ordinal, first - 1, -1, 'events between ordinals');
    const last = rows.at(-1);
    return {
      events: rows.map((row) => this.check.event(row)),
      next: last !== undefined && last[0] > 0 ? String(last[0]) : undefined,
    };
  }

  pageOfStreamBackwards(stream: string, fromRevision: number, limit: number): ReadPage {
    const rows = this.ofStreamBackwards.all(stream, fromRevision, limit);
    const [first] = rows;
    const last = rows.at(-1);
    this.assertNoGap(rows, ([, , revision]) => revision, first?.[2] ?? 0, -1, `events of ${stream} between revisions`);
    return {
      events: rows.map((row) => this.check.event(row)),
      next: last !== undefined && last[2] > 0 ? String(last[2] - 1) : undefined,
    };
  }

  /** The events of these ordinals, each once, in their order; those that the log has not reached are left out. */
  at(ordinals: readonly number[]): StoredEvent[] {
    const size = this.size();
    const wanted = [...new Set(ordinals)].filter((one) => one >= 0 && one < size).sort((a, b) => a - b);
    const rows = this.withOrdinals.all(JSON.stringify(wanted));
    return wanted.map((ordinal, index) => {
      const row = rows[index];
      if (row?.[0] === ordinal) return this.check.event(row);
      throw this.lacks(`the event at ordinal ${ordinal}`);
    });
  }

  /** The ordinals of all events of these streams, ascending. */
  ordinalsOf(streams: readonly string[]): number[] {
    const places = this.placesOf.all(JSON.stringify(streams));
    let [of, next] = ['', 0];
    for (const [stream, revision] of places) {
      if (stream !== of) [of, next] = [stream, 0];
      if (revision !== next) throw this.lacks(`the event of ${stream} at revision ${next}`);
      next++;
    }
    return places.map(([, , ordinal]) => ordinal).sort((a, b) => a - b);
  }

  byId(id: string): StoredEvent | undefined {
    const row = this.withId.get(id);
    return row && this.check.event(row);
  }

  head(): StoredEvent | undefined {
    const row = this.last.get();
    return row && this.check.event(row);
  }

  close(): void {
    this.db.close();
  }

  private rowsFrom(first: number, limit: number): CheckedRow[] {
    const rows = this.after.all(first - 1, limit);
    this.assertNoGap(rows, ([ordinal]) => ordinal, first, 1, 'events between ordinals');
    return rows;
  }

  /** @param step 1 for rows that go up from `first`, -1 for rows that go down */
  private assertNoGap(
    rows: readonly CheckedRow[],
    place: (row: CheckedRow) => number,
    first: number,
    step: 1 | -1,
    what: string,
  ): void {
    const last = rows.at(-1);
    if (last === undefined || place(last) === first + step * (rows.length - 1)) return;
    throw this.lacks(`${what} ${first} and ${place(last)}`);
  }

  private lacks(what: string): StoreError {
    return new StoreError(
      'store-corrupt',
      `${this.path} lacks ${what}. The file was left as it is. Restore the directory from a backup or a copy of the log.`,
    );
  }
}
