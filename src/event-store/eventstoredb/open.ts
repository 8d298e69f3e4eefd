import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Backoff } from './backoff.js';
import { ServerConnection } from './client.js';
import { asServerError, passes, troubleOf } from './errors.js';
import { isOnServer } from './feed.js';
import { LogIndex } from './log-index.js';
import { copyIndexFile, indexFileName, removeIndexFile } from './index-file.js';
import type { LogMark } from './log-mark.js';
import { StreamNames } from './names.js';
import { clientConnectionString, type EventStoreDbOptions, serverName } from './options.js';
import { asStoreError } from '../store-error.js';
import { takeWriterLock } from '../writer-lock.js';

/** How many deadlines of a call the server may take to answer at all when a log is opened. */
const patienceAtStart = 6;

/** What everything that works on one log on a server is made of. */
export interface OpenedLog {
  readonly logId: string;
  readonly names: StreamNames;
  readonly server: string;
  /** For reading and appending. */
  readonly connection: ServerConnection;
  /** For the subscription. */
  readonly feedConnection: ServerConnection;
  readonly index: LogIndex;
  /** Closes the index and gives up its place. */
  readonly closeIndex: () => void;
}

/**
 * Connects, finds out which log it is, and opens the index that fits it.
 * @param findMark reads the log's mark, or makes it
 * @param access `write` takes the index of the directory for itself; `read` follows with a copy of it
 */
export async function openLog(
  options: EventStoreDbOptions,
  access: 'read' | 'write',
  findMark: (connection: ServerConnection, names: StreamNames) => Promise<LogMark>,
): Promise<OpenedLog> {
  const { namespace, deadlineMs, heartbeatMs } = options;
  const [names, server, text] = [new StreamNames(namespace), serverName(options), clientConnectionString(options)];
  const place = access === 'write' ? ownIndex(options.directory) : copiedIndex(options.directory);
  const connection = new ServerConnection(text, deadlineMs);
  // Its deadline bounds how long a silent server can hide that it answers again.
  const feedConnection = new ServerConnection(text, Math.min(deadlineMs, Math.max(250, heartbeatMs / 2)));
  let index: LogIndex | undefined;
  try {
    const end = performance.now() + patienceAtStart * deadlineMs;
    const { logId } = await persist(() => findMark(connection, names), server, end);
    index = LogIndex.open(place.path, logId, names);
    if (!(await persist(() => isSameHistory(connection, names, index), server, end))) {
      index.close();
      removeIndexFile(place.path);
      index = LogIndex.open(place.path, logId, names);
    }
    const opened = index;
    const closeIndex = (): void => {
      opened.close();
      place.leave();
    };
    return { logId, names, server, connection, feedConnection, index, closeIndex };
  } catch (error) {
    index?.close();
    place.leave();
    await Promise.all([connection.close(), feedConnection.close()]);
    throw asStoreError(error, 'Opening the index in', place.path);
  }
}

interface IndexPlace {
  readonly path: string;
  readonly leave: () => void;
}

function ownIndex(directory: string): IndexPlace {
  try {
    if (statSync(directory, { throwIfNoEntry: false }) === undefined) mkdirSync(directory, { mode: 0o750 });
    return { path: join(directory, indexFileName), leave: takeWriterLock(directory) };
  } catch (error) {
    throw asStoreError(error, 'Opening the index in', directory);
  }
}

function copiedIndex(directory: string): IndexPlace {
  const own = mkdtempSync(join(tmpdir(), 'portledger-index-'));
  const path = join(own, indexFileName);
  copyIndexFile(join(directory, indexFileName), path);
  return { path, leave: () => rmSync(own, { recursive: true, force: true }) };
}

async function isSameHistory(
  connection: ServerConnection,
  names: StreamNames,
  index: LogIndex | undefined,
): Promise<boolean> {
  if (index?.head === undefined) return true;
  try {
    return await isOnServer(connection, names, index.head);
  } catch (error) {
    // A server answers so for a place where none of its records begins.
    if (troubleOf(error) === 'unknown') return false;
    throw error;
  }
}

/** Tries again what may pass, until `end` by the monotonic clock. */
async function persist<Answer>(work: () => Promise<Answer>, server: string, end: number): Promise<Answer> {
  const backoff = new Backoff();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!passes(error) || performance.now() > end) throw asServerError(error, 'Opening the log at', server);
    }
    await backoff.pause();
  }
}
