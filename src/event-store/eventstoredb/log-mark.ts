import { randomUUID } from 'node:crypto';
import { type TreeHead, StoreError } from '../event-store.port.js';
import type { ServerConnection, ServerRecord } from './client.js';
import { actualRevision } from './errors.js';
import type { StreamNames } from './names.js';

/** What the stream `<namespace>-log` says of a log. */
export interface LogMark {
  readonly logId: string;
  /** A copy that has begun and is not finished is no log yet. */
  readonly isUnfinishedCopy: boolean;
}

/** Undefined where there is no log. */
export async function readMark(connection: ServerConnection, names: StreamNames): Promise<LogMark | undefined> {
  const [first, second] = await connection.readStream(names.log, 0, 2);
  if (first === undefined) return undefined;
  const logId: unknown = (first.data as { logId?: unknown } | undefined)?.logId;
  if (typeof logId !== 'string' || !['LogCreated', 'LogCopyStarted'].includes(first.type)) throw notOurs(first);
  return { logId, isUnfinishedCopy: first.type === 'LogCopyStarted' && second?.type !== 'LogCopyFinished' };
}

/** The mark of the log that is there, or of a new one; of several engines that make it at once, all get the same. */
export async function readOrMakeMark(connection: ServerConnection, names: StreamNames): Promise<LogMark> {
  const mark = await readMark(connection, names);
  return mark ?? makeMark(connection, names, 'LogCreated', randomUUID());
}

/** Begins a log or a copy; where somebody else was first, it is their mark that counts. */
export async function makeMark(
  connection: ServerConnection,
  names: StreamNames,
  type: 'LogCreated' | 'LogCopyStarted',
  logId: string,
): Promise<LogMark> {
  try {
    await connection.append(names.log, -1, [{ id: randomUUID(), type, data: { logId }, metadata: '{}' }]);
  } catch (error) {
    if (actualRevision(error) === undefined) throw error;
  }
  const made = await readMark(connection, names);
  if (made === undefined)
    throw new StoreError('store-unavailable', `${names.log} was written and cannot be read. Try again later.`);
  return made;
}

/** From now on the copy is a log. */
export async function finishMark(connection: ServerConnection, names: StreamNames, head: TreeHead): Promise<void> {
  const data = { size: head.size, root: head.root.toString('hex') };
  try {
    await connection.append(names.log, 0, [{ id: randomUUID(), type: 'LogCopyFinished', data, metadata: '{}' }]);
  } catch (error) {
    const mark = actualRevision(error) === undefined ? undefined : await readMark(connection, names);
    if (mark?.isUnfinishedCopy !== false) throw error;
  }
}

function notOurs({ id, stream, type }: ServerRecord): StoreError {
  return new StoreError(
    'store-unusable',
    `Event ${id} (${type}) in ${stream} does not begin a log. Choose another eventStoreNamespace.`,
  );
}
