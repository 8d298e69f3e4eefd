import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StoreError } from './event-store.port.js';
import { createLog, identifyLog, logExists, logFileName, syncDirectory } from './log-file.js';
import { openSqlite, type Sqlite, sqliteCode } from './sqlite.js';
import { asStoreError } from './store-error.js';
import { takeWriterLock } from './writer-lock.js';

/** Older versions can lose committed transactions when a write-ahead log is reset while another connection writes. */
const oldestSafeSqlite = '3.51.3';

export interface WritableLog {
  readonly db: Sqlite;
  readonly path: string;
  readonly logId: string;
  /** Closes the file and gives up the lock. */
  close(): void;
}

/** Opens the log of a directory as its only writer; makes directory and log where `create` allows it. */
export function openWritableLog(directory: string, create: boolean): WritableLog {
  prepareDirectory(directory, create);
  const path = join(directory, logFileName);
  if (!create && !logExists(path)) throw missing(path, 'There is no log');
  const freeLock = takeWriterLock(directory);
  try {
    if (create && !logExists(path)) createLog(path);
    const { db, logId } = openDurably(path);
    const close = (): void => {
      db.close();
      freeLock();
    };
    return { db, path, logId, close };
  } catch (error) {
    freeLock();
    throw asStoreError(error, 'Opening', path);
  }
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

function openDurably(path: string): { db: Sqlite; logId: string } {
  // Looked at before it is opened for writing: a foreign file is not to be changed in any way.
  const look = openSqlite(path, { access: 'read', waitForLocksMs: 2000 });
  let logId: string;
  try {
    logId = identifyLog(look, path);
  } finally {
    look.close();
  }
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
  return { db, logId };
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
