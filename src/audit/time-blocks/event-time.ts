import { parseInstant, type StoredEvent } from '../../../events/index.js';

/** The time of an event that counts whatever moment is asked for. */
export const always = Number.NEGATIVE_INFINITY;

/**
 * From which moment on (ms since 1970) an event counts in a map as of a moment. An EventSkipped, and one of which the time
 * cannot be read, counts always.
 */
export function countsFrom({ type, metadata }: Pick<StoredEvent, 'type' | 'metadata'>): number {
  if (type === 'EventSkipped') return always;
  return parseInstant((metadata as Partial<StoredEvent['metadata']> | null | undefined)?.time) ?? always;
}
