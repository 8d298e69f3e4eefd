import { type EventStore, StoreError } from './event-store.port.js';
import type { EventStoreDbOptions } from './eventstoredb-options.js';

/** Opens the log on an EventStoreDB server for reading and writing, and makes it where it is missing. */
export function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStore> {
  return Promise.reject(notYet(options));
}

/** Opens the log on an EventStoreDB server for reading only. */
export function openEventStoreDbReader(options: EventStoreDbOptions): Promise<EventStore> {
  return Promise.reject(notYet(options));
}

function notYet({ connectionString }: EventStoreDbOptions): StoreError {
  return new StoreError(
    'store-unusable',
    `${connectionString} cannot be used by this build. Set eventStore to "embedded".`,
  );
}
