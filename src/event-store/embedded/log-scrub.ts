import { join } from 'node:path';
import { StoreError } from '../event-store.port.js';
import type { RecordedHead } from './head-file.js';
import { keptSubtreeCount } from './kept-hashes.js';
import { identifyWholeLog, logFileName } from './log-file.js';
import { Frontier } from '../merkle-tree.js';
import { type CheckedRow, RowCheck } from './row-check.js';
import { openSqlite, type Sqlite } from '../sqlite.js';
import { asStoreError } from '../store-error.js';

export interface ScrubProgress {
  readonly checked: number;
  readonly of: number;
}

const rowsAtOnce = 256;

/** Reads a whole log and proves that it is as it was written, whoever else writes and reads it. */
export class LogScrub {
  private readonly check: RowCheck;
  private readonly rows;
  private readonly indexed;
  private readonly subtree;
  private readonly counts;

  private constructor(
    private readonly db: Sqlite,
    private readonly path: string,
    /** Of the log, a UUID. */
    readonly logId: string,
  ) {
    this.check = new RowCheck(db, path, 2);
    this.rows = db
      .prepare<[number, number], CheckedRow>(
        `SELECT ${this.check.columns} FROM event WHERE ordinal > ? ORDER BY ordinal LIMIT ?`,
      )
      .raw();
    this.indexed = db
      .prepare<[string, string, number, string, number], (number | null)[]>(
        `SELECT (SELECT ordinal FROM event WHERE id = ?),
                (SELECT ordinal FROM event WHERE stream = ? AND revision = ?),
                (SELECT ordinal FROM event WHERE stream = ? AND revision = ?)`,
      )
      .raw();
    this.subtree = db
      .prepare<[number, number], Buffer>('SELECT hash FROM subtree WHERE level = ? AND number = ?')
      .pluck();
    this.counts = db
      .prepare<[], [number | null, number]>('SELECT (SELECT max(ordinal) FROM event), (SELECT count(*) FROM subtree)')
      .raw();
  }

  /** Opens a log of the newest schema version for reading. Throws a StoreError. */
  static open(directory: string): LogScrub {
    const path = join(directory, logFileName);
    let db: Sqlite | undefined;
    try {
      db = openSqlite(path, { access: 'read', waitForLocksMs: 2000 });
      const { logId, version } = identifyWholeLog(db, path);
      if (version === 1)
        throw new StoreError(
          'store-unusable',
          `${path} has schema version 1, which keeps too little to be verified: start an engine on it once, which brings it up to date.`,
        );
      return new LogScrub(db, path, logId);
    } catch (error) {
      db?.close();
      throw asStoreError(error, 'Opening', path);
    }
  }

  /**
   * One pass, a step for each of its pages: every row against its leaf hash and place, the ordinals without a gap, the
   * revisions of each stream without a gap, both indexes, the kept subtrees, and the root at the size of `recorded`.
   * @param recorded a head that was recorded before the pass begins
   * @returns the frontier over everything that was read
   * @throws StoreError `store-corrupt` at the first thing that is not as it was written
   */
  *pass(recorded: RecordedHead | undefined): Generator<ScrubProgress, Frontier> {
    if (recorded !== undefined && recorded.logId !== this.logId)
      throw this.corrupt(`it is log ${this.logId}, and the head file was written for ${recorded.logId}`);
    const frontier = Frontier.empty();
    const pushed = (leaf: Buffer): void => {
      frontier.push(leaf, (level, number, hash) => this.compareSubtree(level, number, hash));
      if (recorded?.size === frontier.size && !recorded.root.equals(frontier.root()))
        throw this.corrupt(`the first ${recorded.size} events are not those that the head file was written for`);
    };
    for (let full = true; full;) {
      const rows = this.reading(() => this.rows.all(frontier.size - 1, rowsAtOnce));
      this.reading(() => rows.forEach((row) => pushed(this.leafOf(row, frontier.size))));
      full = rows.length === rowsAtOnce;
      yield {
        checked: frontier.size,
        of: Math.max(
          frontier.size,
          this.reading(() => this.size()),
        ),
      };
    }
    if (recorded !== undefined && recorded.size > frontier.size)
      throw this.corrupt(`it holds ${frontier.size} events, and the head file says ${recorded.size}`);
    this.reading(() => this.compareCounts());
    return frontier;
  }

  /**
   * SQLite's own look at the structure of the file, in one go: for a file that nobody else uses.
   * @throws StoreError `store-corrupt`
   */
  quickCheck(): void {
    const found = this.reading(() => this.db.pragma('quick_check(1)', { simple: true }));
    if (found !== 'ok') throw this.corrupt(String(found));
  }

  close(): void {
    this.db.close();
  }

  private size(): number {
    return (this.counts.get()?.[0] ?? -1) + 1;
  }

  private leafOf(row: CheckedRow, expected: number): Buffer {
    const [ordinal, stream, revision, id] = row;
    if (ordinal !== expected) throw this.corrupt(`there is no event at ordinal ${expected}`);
    this.check.row(row);
    const [byId, byRevision, before] = this.indexed.get(id, stream, revision, stream, revision - 1) ?? [];
    if (byId !== ordinal || byRevision !== ordinal)
      throw this.corrupt(`the event at ordinal ${ordinal} is not found by its id, or by its stream and revision`);
    if (revision > 0 && (typeof before !== 'number' || before >= ordinal))
      throw this.corrupt(`stream ${stream} lacks revision ${revision - 1} before ordinal ${ordinal}`);
    return Buffer.from(row[7], 'hex');
  }

  private compareSubtree(level: number, number: number, hash: Buffer): void {
    const kept = this.subtree.get(level, number);
    if (kept === undefined || !hash.equals(kept))
      throw this.corrupt(`subtree ${number} at level ${level} is not the one over its events`);
  }

  private compareCounts(): void {
    const [last, subtrees] = this.counts.get() ?? [null, 0];
    const expected = keptSubtreeCount((last ?? -1) + 1);
    if (subtrees !== expected) throw this.corrupt(`it keeps ${subtrees} subtrees, expected ${expected}`);
  }

  private reading<Answer>(read: () => Answer): Answer {
    try {
      return read();
    } catch (error) {
      throw asStoreError(error, 'Verifying', this.path);
    }
  }

  private corrupt(what: string): StoreError {
    return new StoreError(
      'store-corrupt',
      `${this.path} is not as it was written: ${what}. The file was left as it is. Restore the directory from a backup or a copy of the log.`,
    );
  }
}
