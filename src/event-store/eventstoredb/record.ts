import type { EventMetadata, StoredEvent } from '../../../events/index.js';
import { canonicalJson, NotJson } from '../canonical-json.js';
import { StoreError } from '../event-store.port.js';
import type { ServerRecord } from './client.js';
import { leafHash } from '../leaf-hash.js';

/** An event of the log before its ordinal is known. */
export type Unnumbered = Omit<StoredEvent, 'ordinal' | 'position'>;

/**
 * The event that a record of one of the log's streams is.
 * @throws StoreError `store-corrupt` for a record that no engine can have written
 */
export function eventOf(record: ServerRecord, stream: string): Unnumbered {
  const { id, type, revision, data } = record;
  if (record.type.startsWith('$') || !isObject(data) || !isMetadata(record.metadata)) throw foreign(record);
  return { id, stream, type, data, metadata: record.metadata, revision };
}

/** RFC 6962 leaf of an event, the same as on every other store. */
export function leafOf(event: Unnumbered): Buffer {
  try {
    const { id, stream, type } = event;
    return leafHash({ id, stream, type, data: canonicalJson(event.data), metadata: canonicalJson(event.metadata) });
  } catch (error) {
    if (error instanceof NotJson) throw foreign(event, error);
    throw error;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

function isMetadata(value: unknown): value is EventMetadata {
  return isObject(value) && 'recordedAt' in value && typeof value.recordedAt === 'string';
}

function foreign({ id, stream, type }: Pick<ServerRecord, 'id' | 'stream' | 'type'>, cause?: Error): StoreError {
  return new StoreError(
    'store-corrupt',
    `Event ${id} (${type}) in ${stream} was not written by an engine, and the log cannot be read past it. Copy what is before it to another namespace, and keep other writers away from the streams of this one.`,
    { cause },
  );
}
