import type { StoredEvent } from '../../events/index.js';
import type { FrozenStream } from '../../projections/index.js';

/** An event behind or at the head of a frozen stream, named. Times are as stored. */
export interface NamedEvent {
  readonly id: string;
  readonly ordinal: number;
  readonly revision: number;
  readonly type: string;
  readonly time: string;
  readonly recordedAt: string;
}

/** A frozen stream in the list of them. */
export interface ParkedStream {
  readonly stream: string;
  readonly parked: NamedEvent;
  /** Why the parked event cannot be read. */
  readonly reason: string;
  /** How many later events wait behind it. */
  readonly held: number;
}

/** A frozen stream with the parked event as it is stored and the events that wait behind it. */
export interface ParkedDetail extends ParkedStream {
  readonly event: StoredEvent;
  /** Oldest first, at most 500. */
  readonly heldEvents: readonly NamedEvent[];
}

const mostNamed = 500;

export function parkedStream({ stream, parked, reason, held }: FrozenStream): ParkedStream {
  return { stream, parked: named(parked), reason, held: held.length };
}

export function parkedDetail(frozen: FrozenStream): ParkedDetail {
  return { ...parkedStream(frozen), event: frozen.parked, heldEvents: frozen.held.slice(0, mostNamed).map(named) };
}

/** Metadata of an unreadable event may lack anything. */
export function named({ id, ordinal, revision, type, metadata }: StoredEvent): NamedEvent {
  const { time, recordedAt } = (metadata as Partial<StoredEvent['metadata']> | null) ?? {};
  return { id, ordinal, revision, type, time: String(time ?? ''), recordedAt: String(recordedAt ?? '') };
}
