import type { StoredEvent } from '../../events/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';

/** Where in the log somebody stands: behind this event. */
export type Place = Pick<StoredEvent, 'id' | 'ordinal' | 'position'>;

export interface FeedPage {
  /** In log order; only types that somebody may be told of. */
  readonly events: readonly StoredEvent[];
  /** Everything up to here was looked at. */
  readonly seenTo: Place;
  /** True when there is nothing more for now. */
  readonly isEnd: boolean;
}

/** Of these events somebody may be told; all others are passed without a look. */
const told: ReadonlySet<string> = new Set([
  'ViolationDetected',
  'ViolationRepeated',
  'ViolationExonerated',
  'ViolationAcknowledged',
  'ViolationResolved',
  'ViolationMarkedFalsePositive',
  'ViolationMuteEnded',
  'ContainmentRequested',
  'RenumberingAdvanced',
  'RenumberingTakenBack',
]);

/** So many are kept at hand for destinations that are up to date; who is further behind reads the log. */
const mostRecent = 2_000;
const pageSize = 1_000;

/**
 * The events that alerts are made of, from any place in the log on. Destinations that keep up share what was folded last,
 * so that the log is read for those only that start, or were away.
 */
export class AlertFeed {
  private recent: StoredEvent[] = [];
  /** Everything told behind this place is in `recent`; undefined until the map is live. */
  private since: Place | undefined;
  private last: Place | undefined;
  private readonly listeners = new Set<() => void>();
  private subscription: { unsubscribe(): void } | undefined;

  constructor(
    private readonly store: Pick<EventStore, 'readAll' | 'findById'>,
    private readonly liveMap: Pick<LiveMap, 'events$' | 'ordinal'>,
  ) {}

  start(): void {
    this.subscription = this.liveMap.events$.subscribe((events) => this.take(events));
  }

  close(): void {
    this.subscription?.unsubscribe();
  }

  /** Calls back when there is something new to tell, until the answer is called. */
  onNews(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** What comes next behind a place. Rejects with a StoreError when the log must be read and does not answer. */
  async after(place: Place): Promise<FeedPage> {
    const { since, last } = this;
    if (last !== undefined && place.ordinal >= last.ordinal) return { events: [], seenTo: place, isEnd: true };
    if (since !== undefined && last !== undefined && place.ordinal >= since.ordinal)
      return { events: this.recent.slice(this.firstAfter(place.ordinal)), seenTo: last, isEnd: true };
    const page = await this.store.readAll({ after: place.position, limit: pageSize });
    // The map is asked about each event: it must know of it.
    const known = page.events.filter((event) => event.ordinal <= this.liveMap.ordinal);
    const seenTo = known.at(-1) ?? place;
    const isEnd = page.next === undefined || known.length < page.events.length;
    return { events: known.filter(({ type }) => told.has(type)), seenTo, isEnd };
  }

  /** How many are behind a place, of all that somebody may be told of; undefined where only the log knows. */
  countAfter(place: Place): number | undefined {
    const { since, last } = this;
    if (last === undefined || place.ordinal >= last.ordinal) return 0;
    if (since === undefined || place.ordinal < since.ordinal) return undefined;
    return this.recent.length - this.firstAfter(place.ordinal);
  }

  /** The place behind an event of the log; undefined where there is no such event. */
  async placeOf(eventId: string): Promise<StoredEvent | undefined> {
    return this.store.findById(eventId);
  }

  private take(events: readonly StoredEvent[]): void {
    const [first] = events;
    const last = events.at(-1);
    if (first === undefined || last === undefined) return;
    this.since ??= { id: '', position: '', ordinal: first.ordinal - 1 };
    this.last = last;
    const news = events.filter(({ type }) => told.has(type));
    if (news.length === 0) return;
    this.recent.push(...news);
    if (this.recent.length > 2 * mostRecent) {
      const gone = this.recent.length - mostRecent;
      this.since = this.recent[gone - 1];
      this.recent = this.recent.slice(gone);
    }
    for (const listener of this.listeners) listener();
  }

  private firstAfter(ordinal: number): number {
    let low = 0;
    let high = this.recent.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.recent[middle]?.ordinal ?? Infinity) <= ordinal) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
