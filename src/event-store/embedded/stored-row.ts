import type { EventMetadata, StoredEvent } from '../../../events/index.js';
import type { EventRow } from './writer-messages.js';

/** Columns of an event in the order of an EventRow. */
export const rowColumns = 'ordinal, stream, revision, id, type, data, metadata';

/** Reads a row as an event; a SyntaxError means that the stored JSON is damaged. */
export function storedEvent([ordinal, stream, revision, id, type, data, metadata]: EventRow): StoredEvent {
  return {
    id,
    stream,
    type,
    data: JSON.parse(data) as unknown,
    metadata: JSON.parse(metadata) as EventMetadata,
    revision,
    position: String(ordinal),
    ordinal,
  };
}

/** The ordinal behind a position of this store; -1, before the first event, where there is none. */
export function ordinalOf(position: string | undefined): number {
  if (position === undefined) return -1;
  const ordinal = /^(0|[1-9]\d{0,15})$/.test(position) ? Number(position) : NaN;
  if (!Number.isSafeInteger(ordinal))
    throw new RangeError(`"${position}" is no position of the embedded store: pass one that an event or a page gave`);
  return ordinal;
}
