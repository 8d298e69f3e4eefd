import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { StoredEvent } from '../../../events/index.js';
import type { EventStore } from '../../event-store/event-store.port.js';
import type { HistoryOrder, HistoryTold } from './history-keeper.js';
import { HistoryWriter } from './history-writer.js';

// Follows the log with a reader of its own and keeps the index up, beside the engine and after everybody else.

/** While it catches up the index is written after so many events, so that an interrupted start is not lost. */
const eventsBetween = 1_000_000;
/** At the end of the log it is written at most this often. */
const restMs = 2000;

if (parentPort === null) throw new Error('history.worker runs as a worker thread of the address history only');
const port = parentPort;
const { door, directory } = workerData as HistoryOrder;
const tell = (told: HistoryTold): void => port.postMessage(told);
// On Linux a priority is that of the calling thread alone.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
try {
  await follow();
} catch (error) {
  tell({ problem: error instanceof Error ? error.message : String(error) });
  port.close();
}

async function follow(): Promise<void> {
  const { openStoreReader } = (await import(door.module)) as {
    openStoreReader: (choice: unknown) => Promise<EventStore>;
  };
  const store = await openStoreReader(door.choice);
  const writer = await HistoryWriter.open(directory, store).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  let written = writer.ordinal;
  let resting: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(resting);
    resting = undefined;
    writer.flush();
    written = writer.ordinal;
    tell({ reaches: written });
  };
  let end = async (problem?: string): Promise<void> => {
    end = () => Promise.resolve();
    clearTimeout(resting);
    port.close();
    await subscription.close();
    await store.close();
    writer.close();
    if (problem !== undefined) tell({ problem });
  };
  const attempt = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      void end(error instanceof Error ? error.message : String(error));
    }
  };
  const [last] = written < 0 ? [] : await store.readAt([written]);
  const subscription = store.subscribe(last?.position, {
    onEvents: (events: readonly StoredEvent[]) => {
      writer.take(events);
      if (writer.ordinal - written >= eventsBetween) flush();
    },
    onCaughtUp: () => {
      if (writer.isBehind) resting ??= setTimeout(() => attempt(flush), restMs);
    },
    onDropped: (error) => void end(error.message),
  });
  if (written >= 0) tell({ reaches: written });
  port.on('message', () => void end());
}
