import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from './event-store.port.js';
import { openSqlite, type Sqlite } from './sqlite.js';

export const logFileName = 'log.db';
const applicationId = 0x504c4f47; // "PLOG", in the header of the file
const schemaVersion = '1';

const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE event (
    ordinal INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL,
    leaf_hash BLOB NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;
`;

/** Whether a log stands here; a file that cannot be a whole log of ours is a StoreError, and is left as it is. */
export function logExists(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === 0) throw corrupt(path, 'is empty, and a log never is');
  // SQLite would delete this write-ahead log, or replay it into the new file beside it.
  const orphanSize = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (size === undefined && orphanSize > 0) throw corrupt(path, 'is missing, but its write-ahead log is there');
  return size !== undefined;
}

/** Makes a new, empty log with a new id. It appears under its name only when it is whole. */
export function createLog(path: string): void {
  const unfinished = `${path}.creating`;
  for (const leftOver of [unfinished, `${unfinished}-journal`]) rmSync(leftOver, { force: true });
  const db = openSqlite(unfinished, { access: 'create', waitForLocksMs: 0 });
  try {
    db.pragma('synchronous = FULL');
    db.pragma(`application_id = ${applicationId}`);
    db.transaction(() => {
      db.exec(schema);
      const put = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
      put.run('schema-version', schemaVersion);
      put.run('log-id', randomUUID());
    })();
  } finally {
    db.close();
  }
  renameSync(unfinished, path);
  syncDirectory(dirname(path));
}

/** The id of the log that is open here; a StoreError when the file is not a log that this program can read. */
export function identifyLog(db: Sqlite, path: string): string {
  if (db.pragma('application_id', { simple: true }) !== applicationId)
    throw corrupt(path, 'is not a log of portledger');
  const meta = new Map(db.prepare<[], [string, string]>('SELECT key, value FROM meta').raw().all());
  const version = meta.get('schema-version');
  if (version !== schemaVersion)
    throw new StoreError(
      'store-unusable',
      `${path} has schema version ${version ?? '(none)'}, expected ${schemaVersion}: open it with the version of portledger that wrote it.`,
    );
  const logId = meta.get('log-id');
  if (logId === undefined) throw corrupt(path, 'has no log id');
  return logId;
}

/** Makes the names in a directory durable. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function corrupt(path: string, what: string): StoreError {
  return new StoreError(
    'store-corrupt',
    `${path} ${what}. It was left as it is: move it away, or restore the directory from a backup or a copy of the log.`,
  );
}
