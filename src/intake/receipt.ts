import { type LedgerEvent, parseInstant, type StoredEvent } from '../../events/index.js';
import type { Conflict, Effect, FactEffect } from '../../projections/index.js';
import { type Candidate, clockToleranceMs } from './check-event.js';

/** What a publisher is told about an event that is stored. */
export interface Receipt {
  /** The publisher's own id of the event. */
  readonly id: string;
  /** The id it is stored under. */
  readonly eventId: string;
  readonly position: string;
  readonly ordinal: number;
  /** What the fact means for the map as it is now; `stored` when the map has not got to it yet. */
  readonly effect: Effect | 'stored';
  readonly conflicts: readonly Conflict[];
  /** True when the fact is more than five minutes older than its record. */
  readonly backDated?: true;
}

/** @param meaning what the map says of it now, undefined when it has not got to it yet */
export function receiptOf(event: StoredEvent, meaning: FactEffect | undefined): Receipt {
  const { id: eventId, position, ordinal, metadata } = event;
  const { effect, conflicts } = meaning ?? unknownYet;
  const receipt = { id: metadata.sourceId, eventId, position, ordinal, effect, conflicts };
  return isBackDated(metadata) ? { ...receipt, backDated: true } : receipt;
}

const unknownYet = { effect: 'stored', conflicts: [] } as const;

function isBackDated({ time, recordedAt }: StoredEvent['metadata']): boolean {
  return (parseInstant(recordedAt) ?? 0) - (parseInstant(time) ?? 0) > clockToleranceMs;
}

/** A candidate as the map folds it once it stands at this place of the log: what decoding the stored event would give. */
export function factOf(
  { stream, event, time }: Candidate,
  at: { readonly position: string; readonly ordinal: number; readonly recordedAt: number },
): LedgerEvent {
  const { id, type, data } = event;
  return { id, stream, type, data, time, foldedAt: at.ordinal, ...at } as unknown as LedgerEvent;
}
