import { join } from 'node:path';
import type { StoredEvent } from '../../events/index.js';
import { type ReadPage, StoreError } from './event-store.port.js';
import { identifyLog, logExists, logFileName } from './log-file.js';
import { openSqlite, type Sqlite } from './sqlite.js';
import { asStoreError } from './store-error.js';
import { ordinalOf, rowColumns, storedEvent } from './stored-row.js';
import type { EventRow } from './writer-messages.js';

/** Reads an open log, never writes it. Each page is a read transaction of its own, so that no reader holds up the writer. */
export class LogReader {
  private readonly after;
  private readonly before;
  private readonly ofStream;
  private readonly ofStreamBackwards;
  private readonly leaves;
  private readonly withId;
  private readonly last;

  private constructor(
    private readonly db: Sqlite,
    readonly path: string,
    readonly logId: string,
  ) {
    const select = `SELECT ${rowColumns} FROM event`;
    this.after = db.prepare<[number, number], EventRow>(`${select} WHERE ordinal > ? ORDER BY ordinal LIMIT ?`).raw();
    this.ofStream = db
      .prepare<[string, number, number], EventRow>(
        `${select} WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`,
      )
      .raw();
    this.before = db
      .prepare<[number, number], EventRow>(`${select} WHERE ordinal < ? ORDER BY ordinal DESC LIMIT ?`)
      .raw();
    this.ofStreamBackwards = db
      .prepare<[string, number, number], EventRow>(
        `${select} WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?`,
      )
      .raw();
    this.leaves = db
      .prepare<[number, number], Buffer>('SELECT leaf_hash FROM event WHERE ordinal >= ? ORDER BY ordinal LIMIT ?')
      .pluck();
    this.withId = db.prepare<[string], EventRow>(`${select} WHERE id = ?`).raw();
    this.last = db.prepare<[], EventRow>(`${select} ORDER BY ordinal DESC LIMIT 1`).raw();
  }

  /** Opens the log in this directory for reading; needs no lock, whether an engine runs on it or not. */
  static open(directory: string): LogReader {
    const path = join(directory, logFileName);
    if (!logExists(path))
      throw new StoreError('store-path-missing', `There is no log at ${path}. Name the directory that holds the log.`);
    let db: Sqlite | undefined;
    try {
      db = openSqlite(path, { access: 'read', waitForLocksMs: 2000 });
      return new LogReader(db, path, identifyLog(db, path));
    } catch (error) {
      db?.close();
      throw asStoreError(error, 'Opening', path);
    }
  }

  /** At most `limit` events from ordinal `first` on. */
  from(first: number, limit: number): StoredEvent[] {
    const rows = this.after.all(first - 1, limit);
    const last = rows.at(-1);
    if (last !== undefined && last[0] !== first + rows.length - 1)
      throw new StoreError(
        'store-corrupt',
        `${this.path} lacks events between ordinals ${first} and ${last[0]}. Restore the directory from a backup or a copy of the log.`,
      );
    return rows.map(storedEvent);
  }

  pageOfAll(after: string | undefined, limit: number): ReadPage {
    const events = this.from(ordinalOf(after) + 1, limit);
    const last = events.at(-1);
    const more = last !== undefined && events.length === limit && this.after.get(last.ordinal, 1) !== undefined;
    return { events, next: more ? last.position : undefined };
  }

  pageOfStream(stream: string, fromRevision: number, limit: number): ReadPage {
    const rows = this.ofStream.all(stream, fromRevision, limit + 1);
    const next = rows.length > limit ? String(rows.pop()?.[2]) : undefined;
    return { events: rows.map(storedEvent), next };
  }

  pageOfAllBackwards(before: string | undefined, limit: number): ReadPage {
    const first = before === undefined ? Number.MAX_SAFE_INTEGER : ordinalOf(before);
    const rows = this.before.all(first, limit);
    const last = rows.at(-1);
    return { events: rows.map(storedEvent), next: last !== undefined && last[0] > 0 ? String(last[0]) : undefined };
  }

  pageOfStreamBackwards(stream: string, fromRevision: number, limit: number): ReadPage {
    const rows = this.ofStreamBackwards.all(stream, fromRevision, limit);
    const last = rows.at(-1);
    return { events: rows.map(storedEvent), next: last !== undefined && last[2] > 0 ? String(last[2] - 1) : undefined };
  }

  /** The leaf hashes of `count` events from ordinal `first` on. */
  leafHashes(first: number, count: number): Buffer[] {
    return this.leaves.all(first, count);
  }

  byId(id: string): StoredEvent | undefined {
    const row = this.withId.get(id);
    return row && storedEvent(row);
  }

  head(): StoredEvent | undefined {
    const row = this.last.get();
    return row && storedEvent(row);
  }

  close(): void {
    this.db.close();
  }
}
