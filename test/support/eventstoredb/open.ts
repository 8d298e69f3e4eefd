import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEventStoreDb } from '../../../src/event-store/eventstoredb/eventstoredb.event-store.js';
import type { EventStoreDbOptions } from '../../../src/event-store/eventstoredb/options.js';
import type { EventStore } from '../../../src/event-store/event-store.port.js';

/** A store on a server, with an index of its own. */
export interface OpenedStore {
  readonly store: EventStore;
  readonly options: EventStoreDbOptions;
  readonly dispose: () => Promise<void>;
}

/** What a test uses where nothing else is said; its waits are short. */
export const quick = { namespace: 'portledger', heartbeatMs: 1000, deadlineMs: 5000 } as const;

/** Opens the log at a connection string, with a directory that is removed with it. */
export async function openOn(
  connectionString: string,
  changed: Partial<EventStoreDbOptions> = {},
): Promise<OpenedStore> {
  const directory = mkdtempSync(join(tmpdir(), 'portledger-esdb-'));
  const options = { connectionString, directory, ...quick, ...changed };
  const clean = (): void => rmSync(directory, { recursive: true, force: true });
  try {
    const store = await openEventStoreDb(options);
    const dispose = async (): Promise<void> => {
      await store.close();
      clean();
    };
    return { store, options, dispose };
  } catch (error) {
    clean();
    throw error;
  }
}
