import type { EventStore, Subscription } from '../event-store/event-store.port.js';
import { LiveMap } from './live-map.js';

const firstRetryMs = 100;
const longestRetryMs = 5_000;

/** Follows the log from its start and keeps the live map equal to it. */
export class Projector {
  readonly liveMap: LiveMap;
  private subscription: Subscription | undefined;
  private after: string | undefined;
  private retryMs = firstRetryMs;
  private retryTimer: NodeJS.Timeout | undefined;
  private problem: string | undefined;
  private closed = false;

  constructor(private readonly store: EventStore) {
    this.liveMap = new LiveMap(store.logId);
  }

  start(): void {
    this.subscription = this.store.subscribe(this.after, {
      onEvents: (events) => {
        this.liveMap.foldPage(events);
        this.after = events.at(-1)?.position ?? this.after;
        this.retryMs = firstRetryMs;
        this.problem = undefined;
      },
      onCaughtUp: () => {
        this.problem = undefined;
        this.liveMap.becameLive();
      },
      onDropped: (error) => this.resume(error),
    });
  }

  /** Why the map is not following the log just now; undefined when it is. */
  get trouble(): string | undefined {
    return this.problem;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retryTimer);
    await this.subscription?.close();
  }

  /** A dropped subscription never comes back by itself: a new one goes on from the last position folded. */
  private resume(error: Error): void {
    if (this.closed) return;
    this.problem = error.message;
    this.retryTimer = setTimeout(() => this.start(), this.retryMs);
    this.retryMs = Math.min(longestRetryMs, this.retryMs * 2);
  }
}
