import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StoreError } from '../event-store.port.js';
import { checkAgainstHead, HeadFile, readHead } from './head-file.js';
import { frontierOf, insertSubtree, keptHashes } from './kept-hashes.js';
import {
  addNewerTables,
  createLog,
  identifyLog,
  identifyWholeLog,
  logExists,
  logFileName,
  type LogIdentity,
  syncDirectory,
} from './log-file.js';
import { Frontier, type TreeHead } from '../merkle-tree.js';
import { openSqlite, type Sqlite, sqliteCode } from '../sqlite.js';
import { asStoreError } from '../store-error.js';
import { takeWriterLock } from '../writer-lock.js';

/** Older versions can lose committed transactions when a write-ahead log is reset while another connection writes. */
const oldestSafeSqlite = '3.51.3';

export interface WritableLog {
  readonly db: Sqlite;
  readonly path: string;
  readonly logId: string;
  /** What its owner should know of the opening. */
  readonly remark: string | undefined;
  /**
   * Overwrites the head file; false when the disk had no room for that, which harms nothing that is stored.
   * @throws StoreError `store-failed` on any other failure
   */
  recordHead(head: TreeHead): boolean;
  /** Closes the file and gives up the lock. */
  close(): void;
}

/** What a log is opened for, and made for where it is missing. */
export interface Purpose {
  /** Make directory and log where they are missing. */
  readonly create: boolean;
  /** The log that it is, or becomes, an unfinished copy of; others refuse such a copy. */
  readonly copyOf?: string;
}

/** Opens the log of a directory as its only writer. Refuses, and then changes nothing, what is not whole. */
export function openWritableLog(directory: string, { create, copyOf }: Purpose): WritableLog {
  prepareDirectory(directory, create);
  const path = join(directory, logFileName);
  if (!create && !logExists(path)) throw missing(path, 'There is no log');
  const freeLock = takeWriterLock(directory);
  let db: Sqlite | undefined;
  try {
    if (create && !logExists(path)) createLog(path, copyOf);
    const identity = lookAt(directory, path, copyOf);
    db = openDurably(path);
    if (identity.version === 1) bringUpToDate(db);
    return writable(directory, path, db, identity, freeLock);
  } catch (error) {
    db?.close();
    freeLock();
    throw asStoreError(error, 'Opening', path);
  }
}

function writable(
  directory: string,
  path: string,
  db: Sqlite,
  { logId, copying }: LogIdentity,
  freeLock: () => void,
): WritableLog {
  // An unfinished copy has no head yet: it is written when the copy is finished.
  const hadHead = copying || readHead(directory) !== undefined;
  const size = logSize(db);
  const head = (): TreeHead => ({ size, root: frontierOf(keptHashes(db, 2), size, path).root() });
  const headFile = copying ? undefined : HeadFile.open(directory, logId, head());
  const remark = hadHead || size === 0 ? undefined : `The head file of ${path} was missing and was made anew.`;
  const recordHead = (latest: TreeHead): boolean => {
    try {
      headFile?.write(latest);
      return true;
    } catch (error) {
      const failure = asStoreError(error, 'Writing the head file of', path);
      if (failure.code === 'store-full') return false;
      throw new StoreError('store-failed', failure.message, { cause: error });
    }
  };
  const close = (): void => {
    db.close();
    headFile?.close();
    freeLock();
  };
  return { db, path, logId, remark, recordHead, close };
}

function logSize(db: Sqlite): number {
  return (db.prepare<[], number | null>('SELECT max(ordinal) FROM event').pluck().get() ?? -1) + 1;
}

function prepareDirectory(directory: string, create: boolean): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found === undefined) {
    const parent = dirname(resolve(directory));
    if (!create || statSync(parent, { throwIfNoEntry: false }) === undefined)
      throw missing(directory, 'There is no directory');
    mkdirSync(directory, { mode: 0o750 });
    syncDirectory(parent);
  } else if (!found.isDirectory())
    throw new StoreError('store-unusable', `${directory} is not a directory. Name the directory that holds the log.`);
  // SQLite would open a file it may not write as read-only, and an exclusive lock on that excludes nobody.
  for (const path of [directory, ...['writer.lock', 'writer.pid', logFileName].map((name) => join(directory, name))])
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) accessSync(path, constants.W_OK);
}

/** Looks at a log before it is opened for writing: one that is foreign or not whole is not to be changed in any way. */
function lookAt(directory: string, path: string, copyOf: string | undefined): LogIdentity {
  const look = openSqlite(path, { access: 'read', waitForLocksMs: 2000 });
  try {
    if (copyOf !== undefined) return copyAt(look, path, copyOf);
    const identity = identifyWholeLog(look, path);
    const recorded = readHead(directory);
    const kept = keptHashes(look, identity.version);
    if (recorded !== undefined)
      checkAgainstHead(directory, recorded, {
        logId: identity.logId,
        size: logSize(look),
        rootAt: (size) => frontierOf(kept, size, path).root(),
      });
    return identity;
  } finally {
    look.close();
  }
}

function copyAt(look: Sqlite, path: string, copyOf: string): LogIdentity {
  const identity = identifyLog(look, path);
  if (!identity.copying)
    throw new StoreError(
      'store-unusable',
      `${path} is a whole log (${identity.logId}), and a copy is never written into one: name a new directory.`,
    );
  if (identity.logId !== copyOf)
    throw new StoreError(
      'store-unusable',
      `${path} is an unfinished copy of log ${identity.logId}, not of ${copyOf}: name a new directory, or remove this one.`,
    );
  return identity;
}

function openDurably(path: string): Sqlite {
  const db = openSqlite(path, { access: 'write', waitForLocksMs: 2000 });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('journal_size_limit = 67108864');
    assertDurable(db, path);
    // What a killed engine left in the write-ahead log may not be on the disk yet, and readers are about to see it.
    foldWriteAheadLog(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** Brings a log of version 1 to version 2, subtrees included, in one transaction. */
function bringUpToDate(db: Sqlite): void {
  const leaves = db.prepare<[], Buffer>('SELECT leaf_hash FROM event ORDER BY ordinal').pluck();
  const write = db.transaction(() => {
    addNewerTables(db);
    // Subtrees are collected first: a connection cannot write while it reads row by row.
    const subtrees: [number, number, Buffer][] = [];
    const frontier = Frontier.empty();
    for (const leaf of leaves.iterate()) frontier.push(leaf, (...subtree) => subtrees.push(subtree));
    const insert = insertSubtree(db);
    for (const subtree of subtrees) insert(...subtree);
  });
  write.immediate();
}

/**
 * Brings the write-ahead log, made durable first, into the main file as far as readers and the disk's room allow.
 * @throws whatever SQLite throws, other than for want of room
 */
export function foldWriteAheadLog(db: Sqlite): void {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!sqliteCode(error)?.startsWith('SQLITE_FULL')) throw error;
  }
}

function assertDurable(db: Sqlite, path: string): void {
  const version = db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
  if (version.localeCompare(oldestSafeSqlite, 'en', { numeric: true }) < 0)
    throw new StoreError(
      'store-unusable',
      `SQLite ${version} may lose writes to ${path}, expected ${oldestSafeSqlite} or newer: install better-sqlite3 as locked.`,
    );
  const journal = db.pragma('journal_mode', { simple: true });
  const synchronous = db.pragma('synchronous', { simple: true });
  if (journal !== 'wal' || synchronous !== 2)
    throw new StoreError(
      'store-unusable',
      `${path} has journal_mode ${String(journal)} and synchronous ${String(synchronous)}, expected wal and 2: put the log on a local disk.`,
    );
}

function missing(path: string, what: string): StoreError {
  return new StoreError(
    'store-path-missing',
    `${what} at ${path}. Correct the configured path, or, for a new log, make the directory above it and start with creation allowed.`,
  );
}
