import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredEvent } from '../../events/index.js';
import type { Subscription, SubscriptionHandlers } from './event-store.port.js';

const pageSize = 1000;
/** More than this waiting for a slow handler is dropped here and read again from the log. */
const mostWaiting = 10 * pageSize;

type Events = readonly StoredEvent[];

/**
 * Hands over the log from one ordinal on, in order, each event once. It reads pages until it has caught up; from then on
 * commits hand it their events directly, and it reads only where these do not continue what it has.
 */
export class LiveSubscription implements Subscription {
  private waiting: readonly StoredEvent[] = [];
  /** The log may hold more than what is waiting. */
  private behind = true;
  /** Something was committed while a page was being read: that page may lack it. */
  private missed = false;
  private running = false;
  private ended = false;
  private caughtUp = false;
  private delivery: Promise<void> = Promise.resolve();

  /**
   * @param next ordinal of the first event to hand over
   * @param read at most `limit` events from an ordinal on
   */
  constructor(
    private next: number,
    private readonly read: (from: number, limit: number) => Events | Promise<Events>,
    private readonly handlers: SubscriptionHandlers,
    private readonly onEnd: (subscription: LiveSubscription) => void,
  ) {}

  /** Looks into the log for more. */
  wake(): void {
    this.behind = true;
    this.run();
  }

  /** Takes events that were just committed, in log order and without a gap among them. */
  committed(events: readonly StoredEvent[]): void {
    if (this.behind) this.missed = true;
    if (this.behind || this.ended) return;
    const wanted = this.next + this.waiting.length;
    const [first] = events;
    const last = events.at(-1);
    // Pages may have brought these events before their commit was announced.
    if (first === undefined || last === undefined || last.ordinal < wanted) return;
    if (first.ordinal !== wanted || this.waiting.length + events.length > mostWaiting) {
      this.waiting = [];
      this.behind = true;
    } else this.waiting = this.waiting.length === 0 ? events : [...this.waiting, ...events];
    this.run();
  }

  /** Ends the subscription for a reason its owner has to know. */
  drop(error: Error): void {
    if (this.ended) return;
    this.end();
    // On its own stack: a handler that throws here is its owner's failure and must not become that of the store.
    queueMicrotask(() => this.handlers.onDropped(error));
  }

  /** No handler is called any more; resolves when the one that runs has finished, so do not await it inside a handler. */
  async close(): Promise<void> {
    if (!this.ended) this.end();
    await this.delivery;
  }

  private end(): void {
    this.ended = true;
    this.waiting = [];
    this.onEnd(this);
  }

  private run(): void {
    if (this.running || this.ended) return;
    this.running = true;
    this.delivery = this.deliver();
  }

  private async deliver(): Promise<void> {
    try {
      while (!this.ended) {
        const taken = this.take();
        const events = taken instanceof Promise ? await taken : taken;
        if (events.length === 0) {
          // More may have come while the page was on its way.
          if (this.behind || this.waiting.length > 0) continue;
          break;
        }
        this.caughtUp = false;
        this.next += events.length;
        const handled = this.handlers.onEvents(events);
        if (handled !== undefined) await handled;
        // A long catch-up leaves the event loop to others between pages.
        if (this.behind) await nextTurn();
      }
      if (!this.ended && !this.caughtUp) {
        this.caughtUp = true;
        this.handlers.onCaughtUp();
      }
    } catch (error) {
      this.drop(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.running = false;
    }
  }

  private take(): Events | Promise<Events> {
    if (this.ended) return [];
    if (this.behind) {
      this.missed = false;
      const page = this.read(this.next, pageSize);
      return page instanceof Promise ? page.then((read) => this.turnPage(read)) : this.turnPage(page);
    }
    const events = this.waiting;
    this.waiting = [];
    return events;
  }

  private turnPage(page: Events): Events {
    if (this.ended) return [];
    this.behind = page.length === pageSize || this.missed;
    return page;
  }
}
