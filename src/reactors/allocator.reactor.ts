import { setImmediate } from 'node:timers/promises';
import { catalogue, formatInstant, type StoredEvent, type SwitchName, switchOf } from '../../events/index.js';
import { type AllocationOrder, type Asking, nameOf } from '../../projections/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { AddressStock } from './address-stock.js';
import { LineOfOrders, type Waiting } from './line-of-orders.js';
import { namedUuid } from './named-uuid.js';
import { PrefixStock } from './prefix-stock.js';
import type { Choice, DelegationFigures, PoolFigures, Shortage, Stock } from './stock.js';

export interface AllocatorOptions {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly liveMap: LiveMap;
  /** The site of a switch. */
  readonly siteOf: (switchName: SwitchName) => string;
  /** How long an address that was given back is kept from others, ms. */
  readonly coolDownMs: number;
  /** Why no IPv4 is sold just now: orders wait, but for those that lost an address. Undefined while it is sold. */
  readonly notSold?: string | undefined;
  readonly alerts: {
    raise(code: string, key: string, detail: string): void;
    clear(code: string, key: string): void;
  };
  readonly log: Record<'error' | 'info', (message: string, fields: Readonly<Record<string, unknown>>) => void>;
  /** Wall clock, ms since 1970; default Date.now. */
  readonly now?: () => number;
  /** After the log could not be read or written, or did not come back in time, ms; default 5000. */
  readonly retryMs?: number;
}

const source = 'urn:portledger:allocator';
const pageSize = 500;
const longestTimer = 2 ** 31 - 1;

/**
 * Serves what was sold without naming it, in the order of the log: an address to every IPv4 add-on, a /64 to every order of
 * one, and another where a claim that stands earlier in the log took it, or the server went to another customer. Each decision is one event, under an id that follows from what it answers:
 * whoever decides it again stores nothing. Its only inputs are the map and the time.
 */
export class Allocator {
  private stocks: { readonly ipv4: AddressStock; readonly ipv6: PrefixStock };
  private readonly line = new LineOfOrders();
  private readonly alarmed = new Map<string, Shortage>();
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
  }

  /** Starts to look as soon as the map is live. */
  start(): void {
    this.subscription = this.options.liveMap.changes$.subscribe((changes) => {
      for (const { table, key } of changes) {
        if (this.each.some((stock) => stock.noteTable(table))) this.isStale = true;
        else if (table === 'gateways') for (const stock of this.each) stock.book.noteGateway(key);
        else if (table === 'assignments') this.note(key);
      }
      if (this.isStale || this.line.size > 0 || this.alarmed.size > 0) this.wake();
    });
  }

  /** Of every pool that is handed out from how full it is; undefined while the pools are looked through. */
  pools(): PoolFigures[] | undefined {
    return this.isReady ? this.each.flatMap((stock) => stock.pools(this.now())) : undefined;
  }

  /** The orders that wait, the oldest purchase first, each with why. */
  waiting(): Waiting[] {
    return this.line.waiting();
  }

  /** Of every prefix of a customer how full it is; undefined while the servers are looked through. */
  delegations(customerId: string): DelegationFigures[] | undefined {
    return this.isReady ? this.stocks.ipv6.figuresOf(customerId, this.now()) : undefined;
  }

  /** How many /64s a server of a customer could be given at a site now, and why none; undefined while it is not known. */
  freePrefixes(customerId: string | undefined, site: string): number | 'nothing' | undefined {
    return this.isReady ? (this.stocks.ipv6.freeFor(customerId, site, this.now()) ?? 'nothing') : undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.subscription?.unsubscribe();
    clearTimeout(this.timer);
    await this.working;
  }

  private note(serverId: string): void {
    for (const stock of this.each) stock.book.noteServer(serverId);
    this.look(serverId);
  }

  private look(serverId: string): void {
    this.line.set(
      serverId,
      this.each.flatMap((stock) => stock.ordersOf(serverId)),
    );
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
    for (const stock of this.each) stock.book.passTime(this.now());
    for (let after = -1; !this.closed && !this.isStale;) {
      const next = this.line.next(after);
      if (next === undefined) break;
      after = next.bought.ordinal;
      const isSettled = await this.serve(next);
      if (!isSettled) again = this.retryMs;
    }
    this.tell();
    const cooling = this.each.flatMap(({ book }) => book.nextCooled ?? []);
    const cooled = this.line.size === 0 || cooling.length === 0 ? undefined : Math.min(...cooling);
    return cooled === undefined ? again : Math.min(again ?? cooled - this.now(), cooled - this.now());
  }

  /** In steps: a map of a million servers must not keep the engine from its other work. */
  private async rebuild(): Promise<void> {
    [this.isStale, this.isBuilding] = [false, true];
    this.stocks = this.emptyStocks();
    for (const stock of this.each)
      for (const _step of stock.book.rebuild()) {
        await setImmediate();
        if (this.closed) return;
      }
    let looked = 0;
    for (const serverId of this.options.liveMap.map.assignments.keys()) {
      this.look(serverId);
      if (++looked % 2_000 === 0) await setImmediate();
    }
    this.isBuilding = false;
  }

  private emptyStocks() {
    const { liveMap, coolDownMs, notSold } = this.options;
    return { ipv4: new AddressStock(liveMap.map, coolDownMs, notSold), ipv6: new PrefixStock(liveMap.map, coolDownMs) };
  }

  private get each(): readonly Stock[] {
    return [this.stocks.ipv4, this.stocks.ipv6];
  }

  private get isReady(): boolean {
    return !this.isStale && !this.isBuilding;
  }

  /** False where it must be looked at again: its stream is frozen, or changed meanwhile. */
  private async serve(order: AllocationOrder): Promise<boolean> {
    const { liveMap, store, log } = this.options;
    const { serverId, product } = order;
    // Whom it waited for may have let go: then it is served already.
    this.look(serverId);
    if (!this.line.has(order)) return true;
    const stream = `server-${serverId}`;
    if (liveMap.isFrozen(stream)) {
      this.line.waitsBecause(order, 'its stream is frozen by an event that cannot be read');
      return false;
    }
    const { notSold } = this.stocks[product];
    if (notSold !== undefined && order.lost === undefined) {
      this.line.waitsBecause(order, notSold);
      return true;
    }
    if (order.port === undefined) {
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
    this.look(serverId);
    const chosen = this.line.has(order) ? this.choose(order) : undefined;
    if (chosen === undefined) return true;
    const event = this.decision(order, chosen, sale, facts);
    const result = await store.append({ stream, expected: last.revision, events: [event] });
    if (result.outcome === 'stored') log.info(`${product} was allocated`, { ...chosen.data });
    else if (result.outcome !== 'duplicate') return false;
    this.decided = Math.max(this.decided, ...result.events.map((one) => one.ordinal));
    return liveMap.reached(this.decided, this.retryMs);
  }

  private choose(order: AllocationOrder): Choice | undefined {
    const stock = this.stocks[order.product];
    const asking = this.askingOf(order);
    const chosen = stock.choose(order, asking, this.now());
    if (chosen === undefined) this.line.waitsBecause(order, stock.whyNone(asking, this.now()));
    return chosen;
  }

  /** One sale has one first decision, and one more for each that it lost: the id says which this is. */
  private decision(order: AllocationOrder, { type, data }: Choice, sale: StoredEvent, facts: readonly StoredEvent[]) {
    const { bought, lost, product } = order;
    const before = facts.find((event) => event.ordinal === lost?.ordinal);
    const id = namedUuid(`${product} ${sale.id} ${before?.id ?? ''}`);
    const time = formatInstant(Math.max(this.now(), bought.time, lost?.time ?? 0));
    const causedBy = before === undefined ? [sale.id] : [sale.id, before.id];
    const metadata = { source, sourceId: id, schemaVersion: catalogue[type].version, time, causedBy };
    return { id, type, data, metadata };
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

  /** Once for all orders that wait for want of the same, until none does. */
  private tell(): void {
    const { alerts } = this.options;
    const alike = new Map<string, { readonly shortage: Shortage; readonly orders: AllocationOrder[] }>();
    for (const order of this.line.orders()) {
      if (order.port === undefined) continue;
      const shortage = this.stocks[order.product].shortage(this.askingOf(order), this.now());
      if (shortage === undefined) continue;
      const name = `${shortage.code} ${shortage.key}`;
      const known = alike.get(name);
      if (known === undefined) alike.set(name, { shortage, orders: [order] });
      else known.orders.push(order);
    }
    for (const [name, { code, key }] of this.alarmed) if (!alike.has(name)) alerts.clear(code, key);
    this.alarmed.clear();
    for (const [name, { shortage, orders }] of alike) {
      this.alarmed.set(name, shortage);
      const [oldest, ...others] = orders;
      if (oldest === undefined) continue;
      const more = others.length === 0 ? 'waits' : `and ${others.length} more wait`;
      const why = this.stocks[oldest.product].whyNone(this.askingOf(oldest), this.now());
      const detail = `${nameOf(oldest)} of ${oldest.serverId} ${more}: ${why}. ${shortage.cure}.`;
      alerts.raise(shortage.code, shortage.key, detail);
    }
  }

  private askingOf({ serverId, customerId, port }: AllocationOrder): Asking {
    const site = port === undefined ? 'default' : this.options.siteOf(switchOf(port));
    return { serverId, customerId, site };
  }

  private get retryMs(): number {
    return this.options.retryMs ?? 5_000;
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
