import { rmSync, statSync } from 'node:fs';
import { openSqlite, type Sqlite } from '../sqlite.js';

export const indexFileName = 'index.db';
const applicationId = 0x504c4958; // "PLIX", in the header of the file
const schemaVersion = 1;

const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE event (
    ordinal INTEGER PRIMARY KEY,
    commit_position INTEGER NOT NULL UNIQUE,
    prepare_position INTEGER NOT NULL,
    id BLOB NOT NULL,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    leaf_hash BLOB NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;
  CREATE INDEX event_by_id ON event (id);
  CREATE TABLE tile (
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, place)
  ) STRICT, WITHOUT ROWID;
`;

/** Opens the index of a log at this path; one that is missing, damaged, or of another log is made anew, empty. */
export function openIndexFile(path: string, logId: string): Sqlite {
  const found = statSync(path, { throwIfNoEntry: false }) === undefined ? undefined : openSound(path, logId);
  return found ?? createIndexFile(path, logId);
}

/** Throws the index away. */
export function removeIndexFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
}

/**
 * Copies an index, which an engine may be writing, to a new file. Where that does not work there is no new file: the
 * index can always be made from the server.
 */
export function copyIndexFile(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false }) === undefined) return;
  let db: Sqlite | undefined;
  try {
    db = openSqlite(from, { access: 'read', waitForLocksMs: 2000 });
    db.prepare('VACUUM INTO ?').run(to);
  } catch {
    removeIndexFile(to);
  } finally {
    db?.close();
  }
}

function openSound(path: string, logId: string): Sqlite | undefined {
  let db: Sqlite | undefined;
  try {
    db = openSqlite(path, { access: 'write', waitForLocksMs: 2000 });
    const isOurs =
      db.pragma('application_id', { simple: true }) === applicationId &&
      db.pragma('user_version', { simple: true }) === schemaVersion &&
      db.pragma('quick_check(1)', { simple: true }) === 'ok' &&
      db.prepare<[], string>("SELECT value FROM meta WHERE key = 'log-id'").pluck().get() === logId;
    if (isOurs) return withSettings(db);
  } catch {
    // Whatever is wrong with it, the server has everything that stands in it.
  }
  db?.close();
  return undefined;
}

function createIndexFile(path: string, logId: string): Sqlite {
  removeIndexFile(path);
  const db = withSettings(openSqlite(path, { access: 'create', waitForLocksMs: 0 }));
  db.transaction(() => {
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${schemaVersion}`);
    db.exec(schema);
    db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)').run('log-id', logId);
  })();
  return db;
}

/** Whole after a crash, but not synced for every commit: what is lost is read from the server again. */
function withSettings(db: Sqlite): Sqlite {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  return db;
}
