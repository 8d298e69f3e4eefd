import { type LedgerEvent, parseInstant, type StoredEvent } from '../../events/index.js';
import type { Conflict, Effect, FactEffect } from '../../projections/index.js';
import { type Candidate, clockToleranceMs } from './check-event.js';

/** What an event means, whether it is stored or not. */
interface Meaning {
  /** The publisher's own id of the event. */
  readonly id: string;
  /** The id it is stored under. */
  readonly eventId: string;
  /** What the fact means for the map as it is now; `stored` when the map has not got to it yet. */
  readonly effect: Effect | 'stored';
  readonly conflicts: readonly Conflict[];
  /** True when the fact is more than five minutes older than its record. */
  readonly backDated?: true;
}

/** What a publisher is told about an event that is stored. */
export interface Receipt extends Meaning {
  readonly position: string;
  readonly ordinal: number;
}

/** What a publisher would be told; where the event stands only if it is stored already. */
export interface DryReceipt extends Meaning, Partial<Pick<Receipt, 'position' | 'ordinal'>> {
  readonly dryRun: true;
  /** Stored it would be, and applied to the map, but nothing of it would reach a device, and why. */
  readonly withheld?: readonly { readonly what: string; readonly reason: string }[];
}

/** When a fact became true and when it was recorded, ms since 1970. */
export interface FactTimes {
  readonly time: number;
  readonly recordedAt: number;
}

/** @param meaning what the map says of it now, undefined when it has not got to it yet */
export function receiptOf(
  { id: eventId, position, ordinal, metadata }: StoredEvent,
  meaning: FactEffect | undefined,
  times: FactTimes = timesOf(metadata),
): Receipt {
  const { effect, conflicts } = meaning ?? unknownYet;
  const id = metadata.sourceId;
  return isBackDated(times)
    ? { id, eventId, position, ordinal, effect, conflicts, backDated: true }
    : { id, eventId, position, ordinal, effect, conflicts };
}

/** @param times `recordedAt` is when it would be recorded */
export function dryReceiptOf({ event }: Candidate, meaning: FactEffect, times: FactTimes): DryReceipt {
  const { effect, conflicts } = meaning;
  const receipt = { id: event.metadata.sourceId, eventId: event.id, effect, conflicts, dryRun: true } as const;
  return isBackDated(times) ? { ...receipt, backDated: true } : receipt;
}

const unknownYet = { effect: 'stored', conflicts: [] } as const;

function isBackDated({ time, recordedAt }: FactTimes): boolean {
  return recordedAt - time > clockToleranceMs;
}

function timesOf({ time, recordedAt }: StoredEvent['metadata']): FactTimes {
  return { time: parseInstant(time) ?? 0, recordedAt: parseInstant(recordedAt) ?? 0 };
}

/** A candidate as the map folds it once it stands at this place of the log: what decoding the stored event would give. */
export function factOf(
  { stream, event, time }: Candidate,
  {
    position,
    ordinal,
    recordedAt,
  }: { readonly position: string; readonly ordinal: number; readonly recordedAt: number },
): LedgerEvent {
  const { id, type, data } = event;
  const fact = { type, data, id, stream, position, ordinal, foldedAt: ordinal, time, recordedAt };
  return fact as unknown as LedgerEvent;
}
