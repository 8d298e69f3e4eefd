import type { StoredEvent } from '../../events/index.js';
import type { EventStore, Subscription } from '../event-store/event-store.port.js';
import { LiveMap } from './live-map.js';
import type { SnapshotHeader } from './snapshot-file.js';
import type { Snapshots, Standing } from './snapshots.js';

const firstRetryMs = 100;
const longestRetryMs = 5_000;

/** Follows the log from its start, or from a snapshot on, and keeps the live map equal to it. */
export class Projector {
  readonly liveMap: LiveMap;
  private subscription: Subscription | undefined;
  /** The last event folded, as far as this process knows it. */
  private last: Pick<StoredEvent, 'id' | 'position'> | undefined;
  private startedFrom: SnapshotHeader | undefined;
  private retryMs = firstRetryMs;
  private retryTimer: NodeJS.Timeout | undefined;
  private problem: string | undefined;
  private restoring: Promise<void> | undefined;
  private closed = false;

  /** Without `snapshots` every start replays the whole log. */
  constructor(
    private readonly store: EventStore,
    private readonly snapshots?: Snapshots,
  ) {
    this.liveMap = new LiveMap(store.logId);
  }

  start(): void {
    if (this.snapshots === undefined) return this.follow();
    this.restoring = this.restore(this.snapshots).then(() => {
      if (!this.closed) this.follow();
    });
  }

  /** Why the map is not following the log just now; undefined when it is. */
  get trouble(): string | undefined {
    return this.problem;
  }

  /** Why the map is not to be trusted, and the cure; undefined while nothing speaks against it. */
  get distrust(): string | undefined {
    return this.snapshots?.distrust;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retryTimer);
    await this.restoring;
    await this.subscription?.close();
    await this.snapshots?.close(this.liveMap.live ? this.standing() : undefined, this.store.logId);
  }

  /** Takes up the newest snapshot that fits; without one, or when it cannot be read, the map stays empty. */
  private async restore(snapshots: Snapshots): Promise<void> {
    try {
      const found = await snapshots.find(this.store);
      if (found === undefined) return;
      const { header, state } = found;
      try {
        this.liveMap.restore(state);
        this.startedFrom = header;
        this.last = { id: header.eventId, position: header.position };
      } catch (error) {
        snapshots.refused(header, error);
      }
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  private follow(): void {
    this.subscription = this.store.subscribe(this.last?.position, {
      onEvents: (events) => {
        for (const page of this.liveMap.live ? pagesOfOneMoment(events) : [events]) this.liveMap.foldPage(page);
        this.last = events.at(-1) ?? this.last;
        this.retryMs = firstRetryMs;
        this.problem = undefined;
        if (this.liveMap.live) this.offerSnapshot();
      },
      onCaughtUp: () => {
        this.problem = undefined;
        if (this.liveMap.live) return;
        this.liveMap.becameLive();
        if (this.startedFrom !== undefined) this.snapshots?.verify(this.startedFrom);
        this.offerSnapshot();
      },
      onDropped: (error) => this.resume(error),
    });
  }

  private offerSnapshot(): void {
    const standing = this.standing();
    if (standing !== undefined) this.snapshots?.offer(standing, this.store.logId);
  }

  /** Undefined before the first event. */
  private standing(): Standing | undefined {
    const { liveMap, last } = this;
    if (last === undefined) return undefined;
    const { ordinal } = liveMap;
    const images = { image: () => liveMap.image(), releaseImage: () => liveMap.releaseImage() };
    return { ordinal, position: last.position, eventId: last.id, ...images };
  }

  /** A dropped subscription never comes back by itself: a new one goes on from the last position folded. */
  private resume(error: Error): void {
    if (this.closed) return;
    this.problem = error.message;
    this.retryTimer = setTimeout(() => this.follow(), this.retryMs);
    this.retryMs = Math.min(longestRetryMs, this.retryMs * 2);
  }
}

/** Whoever judges by the map as of a moment must be told what was recorded before it apart from what was after. */
function* pagesOfOneMoment(events: readonly StoredEvent[]): Iterable<readonly StoredEvent[]> {
  for (let from = 0, to = 1; from < events.length; from = to, to++) {
    const recordedAt = events[from]?.metadata.recordedAt;
    while (to < events.length && events[to]?.metadata.recordedAt === recordedAt) to++;
    yield from === 0 && to === events.length ? events : events.slice(from, to);
  }
}
