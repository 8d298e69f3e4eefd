import type { Writable } from 'node:stream';
import { type Subscription } from 'rxjs';
import type { StoredEvent } from '../../events/index.js';
import type { LiveMap } from '../projector/live-map.js';
import { EventStream, type EventStreamOptions, type StreamItem } from '../transports/event-stream.js';
import {
  leftItem,
  mayHaveFitted,
  muteItem,
  type News,
  overlyingNews,
  renumberingItem,
  violationItem,
  violationNews,
} from './stream-news.js';
import type { Changing } from './violation-columns.js';
import { fits, type ViolationFilter } from './violation-filter.js';
import type { ViolationIndex } from './violation-index.js';
import type { Viewing } from './violation-view.js';

/** What changes within so long goes out as one write to each client; what comes after a silence goes at once. */
const usualGatherMs = 50;

/** Clients that asked for the same are told by the same bytes. */
interface Audience {
  readonly filter: ViolationFilter;
  readonly streams: Set<EventStream>;
}

export interface Following {
  readonly filter: ViolationFilter;
  /** Ordinal of the last event the client heard of, -1 for the place before the first; absent for one that knows nothing. */
  readonly after?: number | undefined;
}

/**
 * Streams violations to clients: to each first those that changed after an event, each once and as it is now, in log
 * order; then every change, what left the client's filter, and mutes and renumberings that went on. Nothing falls between the two,
 * and nothing comes twice. A row is put into words once, however many clients are told of it.
 */
export class ViolationStreams {
  private readonly audiences = new Map<string, Audience>();
  /** By slot, what of it can change as it was when it was told last. */
  private readonly changed = new Map<number, Changing | undefined>();
  private readonly overlying: News[] = [];
  private following: Subscription | undefined;
  /** There while what happens is gathered. */
  private stopGathering: (() => void) | undefined;

  constructor(
    private readonly liveMap: LiveMap,
    private readonly index: ViolationIndex,
    private readonly viewing: () => Viewing,
    private readonly gatherMs = usualGatherMs,
  ) {}

  /** Clients that follow just now. */
  get size(): number {
    let size = 0;
    for (const { streams } of this.audiences.values()) size += streams.size;
    return size;
  }

  /** Begins to stream to a client; the index must be live. */
  open(client: Writable, { filter, after }: Following, options: EventStreamOptions = {}): EventStream {
    // What was gathered is in the map already: told later, a new client would hear it twice.
    this.tell();
    this.follow();
    const key = JSON.stringify(Object.entries(filter).sort());
    const audience = this.audiences.get(key) ?? { filter, streams: new Set() };
    this.audiences.set(key, audience);
    const onEnd = (): void => {
      for (const one of audience.streams) if (!one.open) audience.streams.delete(one);
      if (audience.streams.size === 0) this.audiences.delete(key);
      if (this.audiences.size === 0) this.rest();
      options.onEnd?.();
    };
    const past = after === undefined ? [].values() : this.past(filter, after);
    const stream = new EventStream(client, past, { ...options, onEnd });
    if (stream.open) audience.streams.add(stream);
    return stream;
  }

  close(): void {
    for (const { streams } of [...this.audiences.values()]) for (const stream of [...streams]) stream.close();
  }

  private follow(): void {
    if (this.following !== undefined) return;
    this.following = this.index.changed$.subscribe(({ slot, before }) => {
      if (!this.changed.has(slot)) this.changed.set(slot, before);
    });
    // The map and the index have a page of events before these are told of it.
    this.following.add(this.liveMap.events$.subscribe((events) => this.note(events)));
  }

  private note(events: readonly StoredEvent[]): void {
    for (const event of events) this.overlying.push(...[overlyingNews(event)].filter((news) => news !== undefined));
    if (!this.hasNews() || this.stopGathering !== undefined) return;
    this.tell();
    if (this.gatherMs > 0) this.gather();
  }

  private hasNews(): boolean {
    return this.changed.size + this.overlying.length > 0;
  }

  /**
   * Goes on as long as there is something to tell each time. The pause is counted from when the sockets have taken what
   * was told: however many they are, the engine has as long for everything else.
   */
  private gather(): void {
    const flushed = setImmediate(() => {
      const over = setTimeout(() => {
        this.stopGathering = undefined;
        if (!this.hasNews()) return;
        this.tell();
        this.gather();
      }, this.gatherMs);
      this.stopGathering = () => clearTimeout(over);
    });
    this.stopGathering = () => clearImmediate(flushed);
  }

  /** Tells everybody what happened, in log order: of each violation that changed once, as it is now. */
  private tell(): void {
    if (!this.hasNews()) return;
    const viewing = this.viewing();
    const changes = [...this.changed].map(([slot, before]) => violationNews(this.index.rowAt(slot), before, viewing));
    const all = [...changes, ...this.overlying].sort((a, b) => a.ordinal - b.ordinal);
    this.changed.clear();
    this.overlying.length = 0;
    for (const { filter, streams } of [...this.audiences.values()]) {
      const words = all.map((news) => news.wordsFor(filter)).filter((payload) => payload !== undefined);
      if (words.length === 0) continue;
      const payload = Buffer.concat(words);
      for (const stream of [...streams]) stream.send(payload);
    }
  }

  private rest(): void {
    this.following?.unsubscribe();
    this.following = undefined;
    this.stopGathering?.();
    this.stopGathering = undefined;
    this.changed.clear();
    this.overlying.length = 0;
  }

  private past(filter: ViolationFilter, after: number): Iterator<StreamItem> {
    const slots = Uint32Array.from(this.index.changedAfter(after));
    const mutes = after < 0 ? [] : [...this.index.mutes.all()].filter((mute) => mute.changedAt > after);
    // Which of them went on meanwhile nobody wrote down in the row.
    const renumberings = after < 0 || this.index.renumbered.size === 0 ? [] : [renumberingItem({})];
    const overlying = [...mutes.map(muteItem), ...renumberings];
    return this.pastItems(filter, { slots, overlying, after, until: this.liveMap.ordinal });
  }

  /** Rows are looked up as the client takes them: who asks for all of them holds no more than their slots. */
  private *pastItems(
    filter: ViolationFilter,
    { slots, overlying, after, until }: { slots: Uint32Array; overlying: StreamItem[]; after: number; until: number },
  ): Generator<StreamItem, undefined> {
    yield* overlying;
    for (const slot of slots) {
      const row = this.index.rowAt(slot);
      const viewing = this.viewing();
      // What changed meanwhile waits to be told, and its position is not reached before; only that it left is not told again.
      const isLater = row.changedAt > until;
      if (fits(row, filter, viewing)) {
        if (!isLater) yield violationItem(row, viewing);
      } else if (after >= 0 && mayHaveFitted(row, filter, viewing)) {
        const { id, ...left } = leftItem(row);
        yield isLater ? left : { id, ...left };
      }
    }
  }
}
