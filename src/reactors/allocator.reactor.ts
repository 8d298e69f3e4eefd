import { setImmediate } from 'node:timers/promises';
import { catalogue, formatInstant, type StoredEvent, type SwitchName, switchOf } from '../../events/index.js';
import { AddressBook, type AddressOrder, type Chosen, ordersOf, type PoolFigures } from '../../projections/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { LineOfOrders, type Waiting } from './line-of-orders.js';
import { namedUuid } from './named-uuid.js';

export interface AllocatorOptions {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly liveMap: LiveMap;
  /** The site of a switch. */
  readonly siteOf: (switchName: SwitchName) => string;
  /** How long an address that was given back is kept from others, ms. */
  readonly coolDownMs: number;
  /** Why nothing is sold just now: orders wait, but for those that lost an address. Undefined while it is sold. */
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

const poolEmpty = 'ipv4-pool-empty';
const source = 'urn:portledger:allocator';
const pageSize = 500;
const longestTimer = 2 ** 31 - 1;

/**
 * Allocates an address to every IPv4 add-on that was bought without one, in the order of the log, and another one where a
 * claim that stands earlier in the log took it. Each decision is one event, under an id that follows from what it answers:
 * whoever decides it again stores nothing. Its only inputs are the map and the time.
 */
export class Allocator {
  private book: AddressBook;
  private readonly line = new LineOfOrders();
  private readonly alarmed = new Set<string>();
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
    this.book = this.emptyBook();
  }

  /** Starts to look as soon as the map is live. */
  start(): void {
    this.subscription = this.options.liveMap.changes$.subscribe((changes) => {
      for (const { table, key } of changes) {
        if (table === 'pools') this.isStale = true;
        else if (table === 'gateways') this.book.noteGateway(key);
        else if (table === 'assignments') this.note(key);
      }
      if (this.isStale || this.line.size > 0 || this.alarmed.size > 0) this.wake();
    });
  }

  /** Of every pool for IPv4 add-ons how full it is; undefined while the pools are looked through. */
  pools(): PoolFigures[] | undefined {
    return this.isStale || this.isBuilding ? undefined : this.book.figures(this.now());
  }

  /** The orders that wait, the oldest purchase first, each with why. */
  waiting(): Waiting[] {
    return this.line.waiting();
  }

  /** Whether a server at this site could be given an address now. */
  hasFree(site: string): boolean {
    return this.book.hasFree(site, this.now());
  }

  async close(): Promise<void> {
    this.closed = true;
    this.subscription?.unsubscribe();
    clearTimeout(this.timer);
    await this.working;
  }

  private note(serverId: string): void {
    this.book.noteServer(serverId);
    this.look(serverId);
  }

  private look(serverId: string): void {
    this.line.set(serverId, ordersOf(this.options.liveMap.map, serverId));
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
    this.book.passTime(this.now());
    for (let after = -1; !this.closed && !this.isStale;) {
      const next = this.line.next(after);
      if (next === undefined) break;
      after = next.bought.ordinal;
      const isSettled = await this.serve(next);
      if (!isSettled) again = this.retryMs;
    }
    this.tell();
    const cooled = this.line.size === 0 ? undefined : this.book.nextCooled;
    return cooled === undefined ? again : Math.min(again ?? cooled - this.now(), cooled - this.now());
  }

  /** In steps: a map of a million servers must not keep the engine from its other work. */
  private async rebuild(): Promise<void> {
    [this.isStale, this.isBuilding] = [false, true];
    this.book = this.emptyBook();
    for (const _step of this.book.rebuild()) {
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

  private emptyBook(): AddressBook {
    return new AddressBook(this.options.liveMap.map, this.options.coolDownMs);
  }

  /** False where it must be looked at again: its stream is frozen, or changed meanwhile. */
  private async serve(order: AddressOrder): Promise<boolean> {
    const { liveMap, store, log } = this.options;
    const { serverId, addOnId } = order;
    // Whom it waited for may have let go: then it is served already.
    this.look(serverId);
    if (!this.line.has(order)) return true;
    const stream = `server-${serverId}`;
    if (liveMap.isFrozen(stream)) {
      this.line.waitsBecause(order, 'its stream is frozen by an event that cannot be read');
      return false;
    }
    if (this.options.notSold !== undefined && order.lost === undefined) {
      this.line.waitsBecause(order, this.options.notSold);
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
    if (result.outcome === 'stored') log.info('an address was allocated', { serverId, addOnId, ...chosen });
    else if (result.outcome !== 'duplicate') return false;
    this.decided = Math.max(this.decided, ...result.events.map((one) => one.ordinal));
    return liveMap.reached(this.decided, this.retryMs);
  }

  private choose(order: AddressOrder): Chosen | undefined {
    const site = this.siteOf(order);
    const chosen = this.book.choose(order, site, this.now());
    if (chosen === undefined) this.line.waitsBecause(order, this.whyNone(site));
    return chosen;
  }

  /** One purchase has one first decision, and one more for each address that it lost: the id says which this is. */
  private decision(order: AddressOrder, { address, poolId }: Chosen, sale: StoredEvent, facts: readonly StoredEvent[]) {
    const { serverId, addOnId, bought, lost } = order;
    const before = facts.find((event) => event.ordinal === lost?.ordinal);
    const id = namedUuid(`ipv4 ${sale.id} ${before?.id ?? ''}`);
    const time = formatInstant(Math.max(this.now(), bought.time, lost?.time ?? 0));
    const causedBy = before === undefined ? [sale.id] : [sale.id, before.id];
    const { version } = catalogue.Ipv4AddressAllocated;
    const metadata = { source, sourceId: id, schemaVersion: version, time, causedBy };
    return { id, type: 'Ipv4AddressAllocated', data: { serverId, addOnId, address, poolId }, metadata };
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

  /** Once for each site where orders wait for want of an address, until none does. */
  private tell(): void {
    const { alerts } = this.options;
    const bySite = new Map<string, AddressOrder[]>();
    // Where no pool was ever declared, billing names the addresses itself.
    const isPooled = this.options.liveMap.map.pools.size > 0 && this.options.notSold === undefined;
    const orders = isPooled ? this.line.orders() : [];
    for (const order of orders) {
      if (order.port === undefined || this.book.hasFree(this.siteOf(order), this.now())) continue;
      const alike = bySite.get(this.siteOf(order));
      if (alike === undefined) bySite.set(this.siteOf(order), [order]);
      else alike.push(order);
    }
    for (const site of this.alarmed) if (!bySite.has(site)) alerts.clear(poolEmpty, site);
    this.alarmed.clear();
    for (const [site, [oldest, ...others]] of bySite) {
      this.alarmed.add(site);
      if (oldest === undefined) continue;
      const more = others.length === 0 ? 'waits' : `and ${others.length} more wait`;
      const detail = `${oldest.addOnId} of ${oldest.serverId} ${more}: ${this.whyNone(site)}. Publish AddressPoolAdded for the site.`;
      alerts.raise(poolEmpty, site, detail);
    }
  }

  private whyNone(site: string): string {
    return this.book.hasPool(site)
      ? `no address is free in the pools for IPv4 add-ons at site ${site}`
      : `there is no pool for IPv4 add-ons at site ${site}`;
  }

  private siteOf({ port }: AddressOrder): string {
    return port === undefined ? 'default' : this.options.siteOf(switchOf(port));
  }

  private get retryMs(): number {
    return this.options.retryMs ?? 5_000;
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
