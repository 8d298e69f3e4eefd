import { setImmediate } from 'node:timers/promises';
import type { StoredEvent } from '../../events/index.js';
import { type AllocationOrder, streamOf } from '../../projections/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { allocationDecision } from './allocation-decision.js';
import { LineOfOrders, type Waiting } from './line-of-orders.js';
import { type AllocationAlerts, ShortageAlerts, type Wanting } from './shortage-alerts.js';
import type { Choice, DelegationFigures, PoolFigures } from './stock.js';
import { type StockOptions, Stocks } from './stocks.js';

export interface AllocatorOptions extends StockOptions {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly liveMap: LiveMap;
  readonly alerts: AllocationAlerts;
  readonly log: Record<'error' | 'info', (message: string, fields: Readonly<Record<string, unknown>>) => void>;
  /** Wall clock, ms since 1970; default Date.now. */
  readonly now?: () => number;
  /** After the log could not be read or written, or did not come back in time, ms; default 5000. */
  readonly retryMs?: number;
}

const pageSize = 500;
const longestTimer = 2 ** 31 - 1;

/**
 * Serves what was sold without naming it, in the order of the log: an address to every IPv4 add-on, a /64 to every order of
 * one, a prefix to every customer that ordered one; and another where a claim that stands earlier in the log took it, or it was
 * chosen for another customer, site or length. Each decision is one event, under an id that follows from what it answers:
 * whoever decides it again stores nothing. Its only inputs are the map and the time.
 */
export class Allocator {
  private stocks: Stocks;
  private readonly line = new LineOfOrders();
  private readonly shortages: ShortageAlerts;
  /** The book does not know the pools as they are. */
  private isStale = true;
  private isBuilding = false;
  /** Something changed while orders were served. */
  private hasNews = false;
  private working: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private subscription: { unsubscribe(): void } | undefined;
  private closed = false;
  /** Of the latest decision: before the map has it, the next one would take the same address. */
  private decided = -1;

  constructor(private readonly options: AllocatorOptions) {
    this.stocks = this.emptyStocks();
    this.shortages = new ShortageAlerts(options.alerts);
  }

  /** Starts to look as soon as the map is live. */
  start(): void {
    this.subscription = this.options.liveMap.changes$.subscribe((changes) => {
      for (const { table, key } of changes) {
        if (this.stocks.note(table, key)) this.isStale = true;
        else if (table === 'assignments') this.line.set(...this.stocks.ordersOfServer(key));
        else if (table === 'delegations') this.line.set(...this.stocks.ordersOfCustomer(key));
      }
      if (this.isStale || this.line.size > 0 || this.shortages.areStanding) this.wake();
    });
  }

  /** Of every pool that is handed out from how full it is; undefined while the pools are looked through. */
  pools(): PoolFigures[] | undefined {
    return this.isReady ? this.stocks.pools(this.now()) : undefined;
  }

  /** The orders that wait, the oldest purchase first, each with why. */
  waiting(): Waiting[] {
    return this.line.waiting();
  }

  /** Of every prefix of a customer how full it is; undefined while the servers are looked through. */
  delegations(customerId: string): DelegationFigures[] | undefined {
    return this.isReady ? this.stocks.prefixes.figuresOf(customerId, this.now()) : undefined;
  }

  /** How many /64s a server of a customer could be given at a site now, and why none; undefined while it is not known. */
  freePrefixes(customerId: string | undefined, site: string): number | 'nothing' | undefined {
    return this.isReady ? (this.stocks.prefixes.freeFor(customerId, site, this.now()) ?? 'nothing') : undefined;
  }

  /** How many prefixes of a length a customer could be given at a site now, and why none; undefined while it is not known. */
  freeCustomerPrefixes(site: string, length: number): number | 'nothing' | undefined {
    return this.isReady ? (this.stocks.customerPrefixes.freeFor(site, length, this.now()) ?? 'nothing') : undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.subscription?.unsubscribe();
    clearTimeout(this.timer);
    await this.working;
  }

  private lookAt(order: AllocationOrder): void {
    if (order.product === 'customer-prefix') this.line.set(...this.stocks.ordersOfCustomer(order.customerId));
    else this.line.set(...this.stocks.ordersOfServer(order.serverId));
  }

  private wake(): void {
    if (this.closed) return;
    this.hasNews = true;
    if (this.working !== undefined) return;
    this.hasNews = false;
    clearTimeout(this.timer);
    this.working = this.work()
      .catch((error: unknown) => {
        // The log does not answer: nothing is allocated, and it is tried again.
        this.options.log.error('addresses could not be allocated', { reason: String(error) });
        this.hasNews = false;
        return this.retryMs;
      })
      .then((againMs) => {
        this.working = undefined;
        if (this.hasNews) this.wake();
        else this.wakeIn(againMs);
      });
  }

  private wakeIn(ms: number | undefined): void {
    if (ms === undefined || this.closed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), Math.min(Math.max(1, ms), longestTimer)).unref();
  }

  /** Serves every order that can be served; answers after how many ms it must look again without being told to. */
  private async work(): Promise<number | undefined> {
    const { liveMap } = this.options;
    if (this.isStale) await this.rebuild();
    if (!(await liveMap.reached(this.decided, this.retryMs))) return this.retryMs;
    let again: number | undefined;
    this.stocks.passTime(this.now());
    for (let after = -1; !this.closed && !this.isStale;) {
      const next = this.line.next(after);
      if (next === undefined) break;
      after = next.bought.ordinal;
      const isSettled = await this.serve(next);
      if (!isSettled) again = this.retryMs;
    }
    this.tell();
    const cooled = this.line.size === 0 ? undefined : this.stocks.nextCooled;
    return cooled === undefined ? again : Math.min(again ?? cooled - this.now(), cooled - this.now());
  }

  /** In steps: a map of a million servers must not keep the engine from its other work. */
  private async rebuild(): Promise<void> {
    [this.isStale, this.isBuilding] = [false, true];
    this.stocks = this.emptyStocks();
    for (const _step of this.stocks.rebuild()) {
      await setImmediate();
      if (this.closed) return;
    }
    let looked = 0;
    for (const [holder, orders] of this.stocks.orders()) {
      this.line.set(holder, orders);
      if (++looked % 2_000 === 0) await setImmediate();
    }
    this.isBuilding = false;
  }

  private emptyStocks(): Stocks {
    return new Stocks(this.options.liveMap.map, this.options);
  }

  private get isReady(): boolean {
    return !this.isStale && !this.isBuilding;
  }

  /** False where it must be looked at again: its stream is frozen, or changed meanwhile. */
  private async serve(order: AllocationOrder): Promise<boolean> {
    const { liveMap, store, log } = this.options;
    // Whom it waited for may have let go: then it is served already.
    this.lookAt(order);
    if (!this.line.has(order)) return true;
    const stream = streamOf(order);
    if (liveMap.isFrozen(stream)) {
      this.line.waitsBecause(order, 'its stream is frozen by an event that cannot be read');
      return false;
    }
    const { notSold } = this.stocks.of(order);
    if (notSold !== undefined && order.lost === undefined) {
      this.line.waitsBecause(order, notSold);
      return true;
    }
    if (isNowhere(order)) {
      this.line.waitsBecause(order, 'its server is at no port: the site is not known');
      return true;
    }
    // Looked at before the log is read: most orders that cannot be served are so because nothing is free.
    if (this.choose(order) === undefined) return true;
    const facts = await this.factsOf(stream);
    const last = facts.at(-1);
    const sale = facts.find((event) => event.ordinal === order.bought.ordinal);
    // Something was said that the map has not heard yet: it may name the address.
    if (sale === undefined || last === undefined || last.ordinal > liveMap.ordinal) return false;
    this.lookAt(order);
    const chosen = this.line.has(order) ? this.choose(order) : undefined;
    if (chosen === undefined) return true;
    const event = allocationDecision(order, chosen, { sale, facts, now: this.now() });
    const result = await store.append({ stream, expected: last.revision, events: [event] });
    if (result.outcome === 'stored') log.info(`${order.product} was allocated`, { ...chosen.data });
    else if (result.outcome !== 'duplicate') return false;
    this.decided = Math.max(this.decided, ...result.events.map((one) => one.ordinal));
    return liveMap.reached(this.decided, this.retryMs);
  }

  private choose(order: AllocationOrder): Choice | undefined {
    const stock = this.stocks.of(order);
    const chosen = stock.choose(order, this.now());
    if (chosen === undefined) this.line.waitsBecause(order, stock.whyNone(order, this.now()));
    return chosen;
  }

  private async factsOf(stream: string): Promise<StoredEvent[]> {
    const facts: StoredEvent[] = [];
    for (;;) {
      const fromRevision = (facts.at(-1)?.revision ?? -1) + 1;
      const { events, next } = await this.options.store.readStream(stream, { fromRevision, limit: pageSize });
      facts.push(...events);
      if (next === undefined) return facts;
    }
  }

  private tell(): void {
    const wanting = [...this.line.orders()].flatMap((order): Wanting[] => {
      const shortage = isNowhere(order) ? undefined : this.stocks.of(order).shortage(order, this.now());
      return shortage === undefined ? [] : [{ order, shortage }];
    });
    this.shortages.tell(wanting, (order) => this.stocks.of(order).whyNone(order, this.now()));
  }

  private get retryMs(): number {
    return this.options.retryMs ?? 5_000;
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}

const isNowhere = (order: AllocationOrder): boolean => order.product !== 'customer-prefix' && order.port === undefined;
