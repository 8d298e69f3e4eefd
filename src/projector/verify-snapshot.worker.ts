import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { EventStore } from '../event-store/event-store.port.js';
import { LogFold } from '../../projections/index.js';
import { yieldToOthers } from './low-priority.js';
import { stateHash } from './state-hash.js';

/** How a thread of its own opens the log for reading: a module that exports `openStoreReader`, and what to call it with. */
export interface LogDoor {
  readonly module: string;
  readonly choice: unknown;
}

export interface VerifyOrder {
  readonly door: LogDoor;
  /** Up to this event, inclusive. */
  readonly ordinal: number;
}

/** The state hash of the replay, or why there is none; nothing when it was told to stop. */
export type Replayed = { readonly stateHash: string } | { readonly problem: string } | { readonly stopped: true };

const pageSize = 500;

// Replays the log from its start with the same code that folds live, one page at a time, and says what came of it.
const { door, ordinal } = workerData as VerifyOrder;
let stopped = false;
parentPort?.once('message', () => {
  stopped = true;
});
yieldToOthers();
parentPort?.postMessage(await replayed());
parentPort?.close();

async function replayed(): Promise<Replayed> {
  try {
    const { openStoreReader } = (await import(door.module)) as {
      openStoreReader: (choice: unknown) => Promise<EventStore>;
    };
    const store = await openStoreReader(door.choice);
    try {
      return await replay(store);
    } finally {
      await store.close();
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function replay(store: EventStore): Promise<Replayed> {
  const fold = new LogFold();
  let after: string | undefined;
  while (fold.ordinal < ordinal) {
    if (stopped) return { stopped: true };
    const limit = Math.min(pageSize, ordinal - fold.ordinal);
    const { events } = await store.readAll({ ...(after === undefined ? {} : { after }), limit });
    if (events.length === 0) return { problem: `the log ends at ordinal ${fold.ordinal}, expected ${ordinal} or more` };
    for (const event of events) fold.fold(event);
    after = events.at(-1)?.position;
    await nextTurn();
  }
  return { stateHash: stateHash(fold.image()) };
}
