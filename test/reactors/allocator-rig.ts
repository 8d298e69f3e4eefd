import { mkdirSync } from 'node:fs';
import type { StoredEvent } from '../../events/index.js';
import { customerPrefixes, customerPrefixOrdersOf } from '../../projections/index.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { Projector } from '../../src/projector/projector.js';
import { Allocator, type AllocatorOptions } from '../../src/reactors/allocator.reactor.js';
import { type Fact, instantOf, stored } from '../support/history.js';

/** How long an address cools down in these tests, minutes. */
export const coolDownMinutes = 60;

/** A log in a directory, the map of it, and an allocator that works on them. */
export class AllocatorRig {
  readonly alerts = new Map<string, string>();
  /** How often each alert was raised while it stood not. */
  readonly told: string[] = [];
  allocator: Allocator;
  /** Minutes after the beginning of every history. */
  minute = 100;
  private count = 0;

  private constructor(
    readonly store: EventStore,
    readonly projector: Projector,
    private readonly through: (store: EventStore) => AllocatorOptions['store'],
  ) {
    this.allocator = this.another();
  }

  /** @param through what the allocator reads and writes by: it may fail */
  static async open(
    path: string,
    through: (store: EventStore) => AllocatorOptions['store'] = (one) => one,
  ): Promise<AllocatorRig> {
    mkdirSync(path, { recursive: true });
    const store = await openEmbeddedStore({ directory: path, create: true });
    const projector = new Projector(store);
    const rig = new AllocatorRig(store, projector, through);
    rig.count = ((await store.head())?.ordinal ?? -1) + 1;
    rig.allocator.start();
    projector.start();
    return rig;
  }

  /** One more allocator of the same log, as a second wake-up would have it; not started. */
  another(): Allocator {
    return new Allocator({
      store: this.through(this.store),
      liveMap: this.projector.liveMap,
      siteOf: (name) => (name.startsWith('far') ? 'far' : 'default'),
      coolDownMs: coolDownMinutes * 60_000,
      alerts: {
        raise: (code, key, detail) => {
          if (!this.alerts.has(key)) this.told.push(`${code} ${key}`);
          this.alerts.set(key, detail);
        },
        clear: (_code, key) => void this.alerts.delete(key),
      },
      log: { error: () => {}, info: () => {} },
      now: () => Date.parse(instantOf(this.minute)),
      retryMs: 10,
    });
  }

  /** Stores facts, and waits until the map has them. */
  async tell(...facts: Fact[]): Promise<void> {
    const events = stored(facts, this.count);
    this.count += facts.length;
    const outcomes = await this.store.appendMany(
      events.map(({ id, stream, type, data, metadata: { source, sourceId, schemaVersion, time } }) => ({
        stream,
        expected: 'any',
        events: [{ id, type, data: data as object, metadata: { source, sourceId, schemaVersion, time } }],
      })),
    );
    const last = outcomes.flatMap((one) => (one.outcome === 'stored' ? one.events : [])).at(-1);
    await this.projector.liveMap.reached(last?.ordinal ?? -1, 30_000);
  }

  /** The address of a server's add-on, and from where; undefined while it has none that it holds. */
  addressOf(serverId: string, addOnId = 'ip-1'): string | undefined {
    const sold = this.projector.liveMap.map.binding(serverId)?.addresses.find((one) => one.addOnId === addOnId);
    return sold === undefined || sold.heldBy !== undefined ? undefined : sold.address;
  }

  /** The /64 of a server's order; undefined while it has none that it holds. */
  prefixOf(serverId: string, orderId = 'v6-1'): string | undefined {
    const sold = this.projector.liveMap.map.binding(serverId)?.prefixes.find((one) => one.orderId === orderId);
    return sold === undefined || sold.heldBy !== undefined ? undefined : sold.prefix;
  }

  /** The prefix of an order of a customer; undefined while it has none that it can use. */
  customerPrefixOf(customerId: string, orderId = 'net-1'): string | undefined {
    const { map } = this.projector.liveMap;
    const has = customerPrefixes(map.delegations.get(customerId) ?? nothing);
    const isWaiting = customerPrefixOrdersOf(map, customerId).some((one) => one.orderId === orderId);
    return isWaiting ? undefined : has.find(({ allocated }) => allocated?.id === orderId)?.prefix;
  }

  /** Everything in the log. */
  async events(): Promise<StoredEvent[]> {
    const all: StoredEvent[] = [];
    for (let after: string | undefined; ;) {
      const { events, next } = await this.store.readAll({ limit: 1000, ...(after === undefined ? {} : { after }) });
      all.push(...events);
      if (next === undefined) return all;
      after = next;
    }
  }

  async decisions(): Promise<StoredEvent[]> {
    const types = ['Ipv4AddressAllocated', 'Ipv6PrefixAllocated', 'CustomerPrefixAllocated'];
    return (await this.events()).filter(({ type }) => types.includes(type));
  }

  /** Until no order waits, or all that wait do so for want of an address. */
  async served(): Promise<void> {
    await until(
      () =>
        this.allocator.pools() !== undefined &&
        this.allocator
          .waiting()
          .every(({ reason }) => /no (?:address|\/\d+) is free|there is no pool|is not allocated yet/.test(reason)),
    );
  }

  async close(): Promise<void> {
    await this.allocator.close();
    await this.projector.close();
    await this.store.close();
  }
}

const nothing = { prefixes: [], orders: [], allocated: [] };

/** Waits for a condition. @throws Error where it does not come within a minute */
export async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`Waited a minute for: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
