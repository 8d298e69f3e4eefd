import { decodeEvent, type LedgerEvent, parseInstant, type StoredEvent } from '../../events/index.js';
import { type Conflict, type Effect, effectOf, type LogFold } from '../../projections/index.js';
import type { DeviceLine } from './device-line.js';
import { type FactRef, factOf } from './fact.js';

/** One event of the chain: what it means in the map asked for, and the device lines it caused. */
export interface ExplainedFact {
  readonly fact: FactRef;
  /** `parked`: it cannot be read and freezes its stream. `skipped`: it cannot be read and was passed over. */
  readonly effect: Effect | 'parked' | 'skipped';
  /** The claims it makes that another server holds. */
  readonly conflicts: readonly Conflict[];
  readonly data: unknown;
  readonly lines: readonly DeviceLine[];
}

/** @param lines of devices, for those that it caused */
export function explained(fold: LogFold, stored: StoredEvent, lines: readonly DeviceLine[]): ExplainedFact {
  const decoded = decodeEvent(stored);
  const caused = { data: stored.data, lines: lines.filter((line) => line.cause === stored.ordinal) };
  if (!decoded.readable) {
    return { fact: factOf(stored), effect: fold.isHeld(stored) ? 'parked' : 'skipped', conflicts: [], ...caused };
  }
  return { fact: factOf(stored), ...effectOf(fold, decoded.event), ...caused };
}

/** As a fold does: an EventSkipped counts whatever its `time`. */
export function within(events: readonly StoredEvent[], at: number | undefined): StoredEvent[] {
  if (at === undefined) return [...events];
  return events.filter(({ type, metadata }) => type === 'EventSkipped' || (parseInstant(metadata.time) ?? at) <= at);
}

/** None where it cannot be read. */
export function readable(stored: StoredEvent): LedgerEvent[] {
  const decoded = decodeEvent(stored);
  return decoded.readable ? [decoded.event] : [];
}
