import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../event-store.port.js';
import { openSqlite, type Sqlite } from '../sqlite.js';

export const logFileName = 'log.db';
const applicationId = 0x504c4f47; // "PLOG", in the header of the file

/** 1: without kept subtrees and place checks. A log of version 1 is read as it is, and brought to 2 before it is written. */
export type SchemaVersion = 1 | 2;
const newest = 2;

const metaTable = 'CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID';
const eventTable = (more: string): string => `CREATE TABLE event (
    ordinal INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL,
    leaf_hash BLOB NOT NULL,${more}
    UNIQUE (stream, revision)
  ) STRICT`;
const placeCheckColumn = ' place_check INTEGER';
const subtreeTable = `CREATE TABLE subtree (
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, number)
  ) STRICT, WITHOUT ROWID`;

const schemas: Readonly<Record<SchemaVersion, readonly string[]>> = {
  1: [metaTable, eventTable('')],
  2: [metaTable, eventTable(`${placeCheckColumn},`), subtreeTable],
};

/** Whether a log stands here; a file that cannot be a whole log of ours is a StoreError, and is left as it is. */
export function logExists(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === 0) throw corrupt(path, 'is empty, and a log never is');
  // SQLite would delete this write-ahead log, or replay it into the new file beside it.
  const orphanSize = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (size === undefined && orphanSize > 0) throw corrupt(path, 'is missing, but its write-ahead log is there');
  return size !== undefined;
}

/**
 * Makes a new, empty log. It appears under its name only when it is whole.
 * @param copyOf the log it is going to be a copy of; nobody opens it as a log until that copy is finished
 */
export function createLog(path: string, copyOf?: string): void {
  const unfinished = `${path}.creating`;
  for (const leftOver of [unfinished, `${unfinished}-journal`]) rmSync(leftOver, { force: true });
  const db = openSqlite(unfinished, { access: 'create', waitForLocksMs: 0 });
  try {
    db.pragma('synchronous = FULL');
    db.pragma(`application_id = ${applicationId}`);
    db.transaction(() => {
      db.exec(schemas[newest].join(';'));
      const put = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
      put.run('schema-version', String(newest));
      put.run('log-id', copyOf ?? randomUUID());
      if (copyOf !== undefined) put.run(copyingKey, 'yes');
    })();
  } finally {
    db.close();
  }
  renameSync(unfinished, path);
  syncDirectory(dirname(path));
}

/** Stands in `meta` while a log is an unfinished copy of another. */
export const copyingKey = 'copying';

export interface LogIdentity {
  readonly logId: string;
  readonly version: SchemaVersion;
  /** It is a copy that was not finished. */
  readonly copying: boolean;
}

/** What the file that is open here is; a StoreError when it is not a log that this program can read. */
export function identifyLog(db: Sqlite, path: string): LogIdentity {
  if (db.pragma('application_id', { simple: true }) !== applicationId)
    throw corrupt(path, 'is not a log of portledger');
  const meta = new Map(db.prepare<[], [string, string]>('SELECT key, value FROM meta').raw().all());
  const found = meta.get('schema-version');
  const version = found === '1' ? 1 : found === '2' ? 2 : undefined;
  if (version === undefined)
    throw new StoreError(
      'store-unusable',
      `${path} has schema version ${found ?? '(none)'}, expected ${newest}: open it with the version of portledger that wrote it.`,
    );
  if (schemaOf(db) !== schemas[version].map(oneSpaced).join(';'))
    throw corrupt(path, `does not have the tables of schema version ${version}`);
  const logId = meta.get('log-id');
  if (logId === undefined) throw corrupt(path, 'has no log id');
  return { logId, version, copying: meta.has(copyingKey) };
}

/** `identifyLog` for everybody but the one who makes a copy. */
export function identifyWholeLog(db: Sqlite, path: string): LogIdentity {
  const identity = identifyLog(db, path);
  if (identity.copying)
    throw new StoreError(
      'store-unusable',
      `${path} is an unfinished copy of log ${identity.logId}. Run the copy again, which goes on where it stopped, or remove the directory.`,
    );
  return identity;
}

/** Adds to a log of version 1 what version 2 has more, all but the subtrees themselves; within a transaction of the caller. */
export function addNewerTables(db: Sqlite): void {
  db.exec(`ALTER TABLE event ADD COLUMN${placeCheckColumn}; ${subtreeTable}`);
  db.prepare("UPDATE meta SET value = ? WHERE key = 'schema-version'").run(String(newest));
}

function schemaOf(db: Sqlite): string {
  const tables = db
    .prepare<[], string>(`SELECT coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY rowid`)
    .pluck()
    .all();
  return tables.map(oneSpaced).join(';');
}

const oneSpaced = (sql: string): string => sql.replace(/\s+/g, ' ');

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
