import { decodeEvent, type EventMetadata, type LedgerEvent, parseInstant, type StoredEvent } from '../events/index.js';

/** A stream with an unreadable event at its head: that one is parked, all later ones are held. */
export interface FrozenStream {
  readonly stream: string;
  readonly parked: StoredEvent;
  readonly reason: string;
  readonly held: readonly StoredEvent[];
}

/**
 * Gives what is stored, in log order, to a fold as it counts: an event that cannot be read freezes its stream, and what is held
 * counts as of the skip that opens the stream again (`foldedAt`).
 */
export class FrozenStreams {
  private readonly frozen = new Map<string, { parked: StoredEvent; reason: string; held: StoredEvent[] }>();

  /** @param at only facts with `time` up to this instant count, ms since 1970; a skip whatever its time */
  constructor(
    private readonly fold: (event: LedgerEvent) => void,
    private readonly at = Number.POSITIVE_INFINITY,
  ) {}

  take(stored: StoredEvent): void {
    const frozen = this.frozen.size === 0 ? undefined : this.frozen.get(stored.stream);
    if (frozen === undefined) this.give(stored, stored.ordinal);
    else if (stored.type !== 'EventSkipped') frozen.held.push(stored);
    else this.release(frozen, stored);
  }

  list(): FrozenStream[] {
    return [...this.frozen]
      .map(([stream, rest]) => ({ stream, ...rest }))
      .sort((a, b) => (a.stream < b.stream ? -1 : 1));
  }

  isFrozen(stream: string): boolean {
    return this.frozen.has(stream);
  }

  /** True for an event that waits behind an unreadable one, and for the unreadable one itself. */
  isHeld(event: { readonly stream: string; readonly id: string }): boolean {
    const frozen = this.frozen.get(event.stream);
    return frozen !== undefined && [frozen.parked, ...frozen.held].some((one) => one.id === event.id);
  }

  restore({ stream, parked, reason, held }: FrozenStream): void {
    this.frozen.set(stream, { parked, reason, held: [...held] });
  }

  /** Only a skip that names the parked event opens the stream. */
  private release(frozen: { parked: StoredEvent; held: StoredEvent[] }, skip: StoredEvent): void {
    const decoded = decodeEvent(skip);
    if (!decoded.readable || decoded.event.type !== 'EventSkipped') return;
    if (decoded.event.data.eventId !== frozen.parked.id) return;
    this.frozen.delete(skip.stream);
    for (const held of frozen.held) {
      const again = this.frozen.get(skip.stream);
      if (again === undefined) this.give(held, skip.ordinal);
      else again.held.push(held);
    }
  }

  private give(stored: StoredEvent, foldedAt: number): void {
    // An unreadable event of a later time is as little part of an earlier map as a readable one.
    if (this.isLater(stored)) return;
    const decoded = decodeEvent(stored);
    if (decoded.readable) this.fold(foldedAt === stored.ordinal ? decoded.event : { ...decoded.event, foldedAt });
    else this.frozen.set(stored.stream, { parked: stored, reason: decoded.reason, held: [] });
  }

  private isLater({ metadata }: StoredEvent): boolean {
    if (this.at === Number.POSITIVE_INFINITY) return false;
    const time = parseInstant((metadata as Partial<EventMetadata> | null | undefined)?.time);
    return time !== undefined && time > this.at;
  }
}
