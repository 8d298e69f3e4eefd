import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreError, type TreeHead } from '../event-store.port.js';
import { HeadFile, readHead, type RecordedHead } from './head-file.js';
import { identifyWholeLog, logExists, logFileName, syncDirectory } from './log-file.js';
import { LogScrub } from './log-scrub.js';
import { openSqlite } from '../sqlite.js';
import { asStoreError } from '../store-error.js';

/** How far a backup is. Copying counts pages of the file, verifying counts events. */
export interface BackupProgress {
  readonly phase: 'copying' | 'verifying';
  readonly done: number;
  readonly of: number;
}

const pagesAtOnce = 1024;
const badName = `${logFileName}.bad`;

/**
 * Copies the log of a directory, with an engine writing to it or not, into a new or empty directory, and then verifies the
 * copy: every event, the tree, and that it begins with all that was acknowledged when the backup began. The copy gets a
 * head file of its own and opens like any log. A copy that does not pass stays as `log.db.bad`, which nothing opens.
 * @returns how many events it holds, and their root
 * Rejects with StoreError `store-unusable` for a target that is in use, `store-corrupt` when the copy does not pass.
 */
export async function backupEmbedded(
  directory: string,
  target: string,
  onProgress: (progress: BackupProgress) => void = () => {},
): Promise<TreeHead> {
  const source = join(directory, logFileName);
  const copy = join(target, logFileName);
  const unfinished = `${copy}.copying`;
  if (!logExists(source))
    throw new StoreError('store-path-missing', `There is no log at ${source}. Name the directory that holds the log.`);
  prepareTarget(target);
  // Before the copy: that holds at least what was recorded by then.
  const acknowledged = readHead(directory);
  try {
    await copyLog(source, unfinished, onProgress);
    renameSync(unfinished, copy);
    const head = await verified(target, acknowledged, onProgress);
    HeadFile.open(target, head.logId, head).close();
    syncDirectory(target);
    return { size: head.size, root: head.root };
  } catch (error) {
    for (const left of [unfinished, copy]) if (existsSync(left)) renameSync(left, join(target, badName));
    const failure = asStoreError(error, 'Backing up', source);
    throw new StoreError(failure.code, `The backup in ${target} is not usable. ${failure.message}`, { cause: error });
  }
}

function prepareTarget(target: string): void {
  const found = statSync(target, { throwIfNoEntry: false });
  if (found === undefined) {
    const parent = dirname(resolve(target));
    if (!existsSync(parent))
      throw new StoreError(
        'store-path-missing',
        `There is no directory at ${parent}: make it, or name another target.`,
      );
    mkdirSync(target, { mode: 0o750 });
    syncDirectory(parent);
  } else if (!found.isDirectory() || readdirSync(target).length > 0)
    throw new StoreError('store-unusable', `${target} is in use: a backup goes into a new or an empty directory.`);
}

async function copyLog(source: string, target: string, onProgress: (progress: BackupProgress) => void): Promise<void> {
  const db = openSqlite(source, { access: 'read', waitForLocksMs: 2000 });
  try {
    identifyWholeLog(db, source);
    // Within one read transaction the copy is of one moment, and need not start over whenever somebody appends.
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM meta').get();
    await db.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress({ phase: 'copying', done: totalPages - remainingPages, of: totalPages });
        return pagesAtOnce;
      },
    });
  } finally {
    db.close();
  }
}

async function verified(
  target: string,
  acknowledged: RecordedHead | undefined,
  onProgress: (progress: BackupProgress) => void,
): Promise<RecordedHead> {
  const scrub = LogScrub.open(target);
  try {
    const { logId } = scrub;
    scrub.quickCheck();
    const pass = scrub.pass(acknowledged);
    for (let turn = 0; ; turn++) {
      const step = pass.next();
      if (step.done === true) return { logId, size: step.value.size, root: step.value.root() };
      if (turn % 16 > 0) continue;
      onProgress({ phase: 'verifying', done: step.value.checked, of: step.value.of });
      await nextTurn();
    }
  } finally {
    scrub.close();
  }
}
