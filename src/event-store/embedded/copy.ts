import type { StoredEvent } from '../../../events/index.js';
import { canonicalJson } from '../canonical-json.js';
import { type LogCopy, StoreError, type TreeHead } from '../event-store.port.js';
import { HeadFile } from './head-file.js';
import { frontierOf, insertSubtree, keptHashes } from './kept-hashes.js';
import { leafHash } from '../leaf-hash.js';
import { copyingKey } from './log-file.js';
import { type Frontier, type KeptHashes } from '../merkle-tree.js';
import { RevisionCache } from './revision-cache.js';
import { placeCheck } from './row-check.js';
import { sqliteCode } from '../sqlite.js';
import { asStoreError } from '../store-error.js';
import { openWritableLog, type WritableLog } from './writable-log.js';
import type { EventRow } from './writer-messages.js';

/**
 * Opens a directory for a copy of the log `logId`: a new one (its parent must exist), or one whose copy was interrupted.
 * It holds the writer's lock; no engine opens it as a log before the copy is finished.
 * Rejects with StoreError `store-unusable` where a whole log stands, or a copy of another; `store-locked`, `store-corrupt`,
 * `store-path-missing` as for an engine.
 */
export function openEmbeddedCopy({ directory, logId }: { directory: string; logId: string }): Promise<LogCopy> {
  return new Promise((resolve) =>
    resolve(new EmbeddedCopy(directory, openWritableLog(directory, { create: true, copyOf: logId }))),
  );
}

class EmbeddedCopy implements LogCopy {
  private readonly revisions = new RevisionCache();
  private readonly kept: KeptHashes;
  private readonly insertSubtree;
  private readonly lastOrdinal;
  private readonly lastRevision;
  private readonly insert;
  private frontier: Frontier;
  private closed = false;

  constructor(
    private readonly directory: string,
    private readonly log: WritableLog,
  ) {
    const { db } = log;
    this.kept = keptHashes(db, 2);
    this.insertSubtree = insertSubtree(db);
    this.lastOrdinal = db.prepare<[], number | null>('SELECT max(ordinal) FROM event').pluck();
    this.lastRevision = db.prepare<[string], number | null>('SELECT max(revision) FROM event WHERE stream = ?').pluck();
    this.insert = db.prepare<[...EventRow, Buffer, number]>('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.frontier = this.stored();
  }

  get size(): number {
    return this.frontier.size;
  }

  add(events: readonly StoredEvent[]): Promise<void> {
    return this.step('Copying into', () => {
      const { db } = this.log;
      try {
        db.transaction(() => events.forEach((event) => this.addOne(event))).immediate();
      } catch (error) {
        this.revisions.clear();
        this.frontier = this.stored();
        throw error;
      }
    });
  }

  finish(expected: TreeHead): Promise<void> {
    return this.step('Finishing the copy at', () => {
      const { db, path, logId } = this.log;
      const head = { size: this.size, root: this.frontier.root() };
      if (head.size !== expected.size || !head.root.equals(expected.root))
        throw new StoreError(
          'copy-differs',
          `The copy at ${path} has ${head.size} events and root ${head.root.toString('hex')}, expected ${expected.size} and ${expected.root.toString('hex')}. It stays unfinished: remove the directory and copy again.`,
        );
      // The head first: a log that opens as whole has one.
      HeadFile.open(this.directory, logId, head).close();
      db.prepare('DELETE FROM meta WHERE key = ?').run(copyingKey);
    });
  }

  close(): Promise<void> {
    if (!this.closed) this.log.close();
    this.closed = true;
    return Promise.resolve();
  }

  private addOne({ ordinal, stream, revision, id, type, data, metadata }: StoredEvent): void {
    const last = this.revisions.get(stream) ?? this.lastRevision.get(stream) ?? -1;
    if (ordinal !== this.size) throw this.differs(`event ${id} has ordinal ${ordinal}, expected ${this.size}`);
    if (revision !== last + 1)
      throw this.differs(`event ${id} has revision ${revision} of ${stream}, expected ${last + 1}`);
    const leaf = { id, stream, type, data: canonicalJson(data), metadata: canonicalJson(metadata) };
    const hash = leafHash(leaf);
    try {
      this.insert.run(
        ...([ordinal, stream, revision, id, type, leaf.data, leaf.metadata] as const),
        hash,
        placeCheck(ordinal, revision),
      );
    } catch (error) {
      if (sqliteCode(error)?.startsWith('SQLITE_CONSTRAINT') !== true) throw error;
      throw this.differs(`event ${id} at ordinal ${ordinal} stands in it already`);
    }
    this.frontier.push(hash, this.insertSubtree);
    this.revisions.set(stream, revision);
  }

  private stored(): Frontier {
    return frontierOf(this.kept, (this.lastOrdinal.get() ?? -1) + 1, this.log.path);
  }

  private differs(what: string): StoreError {
    return new StoreError(
      'copy-differs',
      `The copy at ${this.log.path} cannot go on: ${what}. Nothing of this was stored. Copy from the log it was begun from, or remove the directory and copy again.`,
    );
  }

  private step(doing: string, work: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      try {
        work();
        resolve();
      } catch (error) {
        const isOurs = error instanceof Error && error.name === 'NotJson';
        reject(isOurs ? error : asStoreError(error, doing, this.log.path));
      }
    });
  }
}
