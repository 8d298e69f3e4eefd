import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../event-store.port.js';
import { syncDirectory } from './log-file.js';
import type { TreeHead } from '../merkle-tree.js';
import { sha256 } from '../sha256.js';

export const headFileName = 'head';
const recordBytes = 154;
const record = /^(portledger-head 1 ([0-9a-f-]{36}) +(\d{1,16}) ([0-9a-f]{64}) )([0-9a-f]{16})\n$/;

/** What the writer last said of its log beside it: which log, how many events, and the root over them. */
export interface RecordedHead extends TreeHead {
  readonly logId: string;
}

/**
 * The record of the last acknowledged state. It is overwritten in place after each commit and before its answers leave,
 * by one short write and without a sync: it is there to catch a log that lost its end (a torn or swapped file), and what
 * the writer handed to the kernel survives a killed process. After a power cut it may be older than the log, which was
 * synced first; a log that is longer than its head says is fine.
 */
export class HeadFile {
  private constructor(
    private readonly descriptor: number,
    private readonly logId: string,
  ) {}

  /** Opens the file of a directory for writing; makes it, durably, where it is missing. */
  static open(directory: string, logId: string, head: TreeHead): HeadFile {
    const path = join(directory, headFileName);
    if (readHead(directory) === undefined) {
      const unfinished = `${path}.creating`;
      const descriptor = openSync(unfinished, 'w', 0o640);
      try {
        writeSync(descriptor, recordOf({ ...head, logId }), 0, recordBytes, 0);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(unfinished, path);
      syncDirectory(directory);
    }
    return new HeadFile(openSync(path, 'r+'), logId);
  }

  /** @throws the error of the system; what was committed stays committed */
  write(head: TreeHead): void {
    writeSync(this.descriptor, recordOf({ ...head, logId: this.logId }), 0, recordBytes, 0);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** A read that runs beside the writer's write may get a part of each record; no number of them in a row does. */
const attempts = 20;

/**
 * Reads the record of a directory; undefined where there is none.
 * @throws StoreError `store-corrupt` when it cannot be read
 */
export function readHead(directory: string): RecordedHead | undefined {
  const path = join(directory, headFileName);
  for (let attempt = 0; attempt < attempts; attempt++) {
    let text: string;
    try {
      text = readFileSync(path, 'latin1');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const [, covered, logId, size, root, check] = record.exec(text) ?? [];
    if (covered !== undefined && logId !== undefined && root !== undefined && check === checksumOf(covered))
      return { logId, size: Number(size), root: Buffer.from(root, 'hex') };
  }
  throw new StoreError('store-corrupt', `${path} is not readable as the head of a log. ${cure(path)}`);
}

/**
 * Compares a log with what was recorded of it.
 * @param log what the log holds; `rootAt` is asked only for sizes up to its own
 * @throws StoreError `store-corrupt` when something that was acknowledged is missing or is another
 */
export function checkAgainstHead(
  directory: string,
  recorded: RecordedHead,
  log: { readonly logId: string; readonly size: number; readonly rootAt: (size: number) => Buffer },
): void {
  const path = join(directory, headFileName);
  const refuse = (what: string): StoreError => new StoreError('store-corrupt', `${what} ${cure(path)}`);
  if (log.logId !== recorded.logId)
    throw refuse(`The log in ${directory} is ${log.logId}, but ${path} was written for log ${recorded.logId}.`);
  if (log.size < recorded.size)
    throw refuse(
      `The log in ${directory} holds ${log.size} events, but ${path} says that ${recorded.size} were acknowledged.`,
    );
  if (!log.rootAt(recorded.size).equals(recorded.root))
    throw refuse(
      `The first ${recorded.size} events of the log in ${directory} are not those that ${path} was written for: their tree has another root.`,
    );
}

function recordOf({ logId, size, root }: RecordedHead): Buffer {
  const covered = `portledger-head 1 ${logId} ${String(size).padStart(16)} ${root.toString('hex')} `;
  return Buffer.from(`${covered}${checksumOf(covered)}\n`, 'latin1');
}

function checksumOf(covered: string): string {
  return sha256(covered).toString('hex', 0, 8);
}

function cure(path: string): string {
  return `Nothing was changed. Restore the directory from a backup or a copy of the log; or, knowing that acknowledged events may be lost, remove ${path} and start again.`;
}
