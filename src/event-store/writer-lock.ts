import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from './event-store.port.js';
import { openSqlite, sqliteCode } from './sqlite.js';

/**
 * Takes the right to write in this directory, or throws StoreError `store-locked`.
 * The lock is SQLite's exclusive lock on a file of its own: the kernel frees it with the process, however that ends,
 * and SQLite also keeps two openers within one process apart. The process id stands in a second file, because to open
 * and close the locked file itself would free the lock.
 * @returns a function that frees it
 */
export function takeWriterLock(directory: string): () => void {
  const pidFile = join(directory, 'writer.pid');
  const lock = openSqlite(join(directory, 'writer.lock'), { access: 'create', waitForLocksMs: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) throw locked(directory, pidFile);
    throw error;
  }
  notePid(pidFile);
  return () => {
    rmSync(pidFile, { force: true });
    lock.close();
  };
}

// For the message of whoever comes second; a full disk is no reason to go without a log.
function notePid(pidFile: string): void {
  try {
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch {
    rmSync(pidFile, { force: true });
  }
}

function locked(directory: string, pidFile: string): StoreError {
  const holder = holderOf(pidFile);
  return new StoreError(
    'store-locked',
    `The log in ${directory} is in use by another engine${holder}. Stop that engine, or give this one another directory.`,
  );
}

function holderOf(pidFile: string): string {
  try {
    const pid = readFileSync(pidFile, 'utf8').trim();
    return /^\d+$/.test(pid) ? ` (process ${pid})` : '';
  } catch {
    return '';
  }
}
