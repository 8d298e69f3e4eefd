import type { AppConfig } from './config/app-config.js';
import { isConnectionString } from './config/connection-string.js';
import type { EventStore, LogCopy } from './event-store/event-store.port.js';

/** The keys of the configuration that say where the log is. */
export type StoreChoice = Pick<
  AppConfig,
  | 'dataDir'
  | 'eventStore'
  | 'eventStoreCredentialsFile'
  | 'eventStoreNamespace'
  | 'eventStoreHeartbeatMs'
  | 'eventStoreDeadlineMs'
>;

/**
 * Opens the log of the configuration for reading and writing, and makes it where it is missing. Loads the packages of
 * the chosen store only. Rejects with a StoreError.
 */
export async function openStore(choice: StoreChoice): Promise<EventStore> {
  if (isConnectionString(choice.eventStore)) {
    const { openEventStoreDb } = await import('./event-store/eventstoredb/eventstoredb.event-store.js');
    return openEventStoreDb(serverOf(choice));
  }
  const { openEmbeddedStore } = await import('./event-store/embedded/embedded.event-store.js');
  return openEmbeddedStore({ directory: choice.dataDir, create: true });
}

/** Opens the log of the configuration for reading only; an engine may run on it meanwhile. Rejects with a StoreError. */
export async function openStoreReader(choice: StoreChoice): Promise<EventStore> {
  if (isConnectionString(choice.eventStore)) {
    const { openEventStoreDbReader } = await import('./event-store/eventstoredb/eventstoredb.event-store.js');
    return openEventStoreDbReader(serverOf(choice));
  }
  const { openEmbeddedReader } = await import('./event-store/embedded/embedded.event-store.js');
  return openEmbeddedReader(choice.dataDir);
}

/**
 * Opens the place of the configuration for a copy of the log `logId`: a new one, or one that was interrupted. Rejects with a
 * StoreError where anything else stands there.
 */
export async function openStoreCopy(choice: StoreChoice, logId: string): Promise<LogCopy> {
  if (isConnectionString(choice.eventStore)) {
    const { openEventStoreDbCopy } = await import('./event-store/eventstoredb/copy.js');
    return openEventStoreDbCopy(serverOf(choice), logId);
  }
  const { openEmbeddedCopy } = await import('./event-store/embedded/copy.js');
  return openEmbeddedCopy({ directory: choice.dataDir, logId });
}

function serverOf(choice: StoreChoice) {
  return {
    connectionString: choice.eventStore,
    credentialsFile: choice.eventStoreCredentialsFile,
    namespace: choice.eventStoreNamespace,
    directory: choice.dataDir,
    heartbeatMs: choice.eventStoreHeartbeatMs,
    deadlineMs: choice.eventStoreDeadlineMs,
  };
}
