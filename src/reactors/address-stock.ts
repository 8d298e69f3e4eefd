import { formatIpv4 } from '../../events/index.js';
import {
  AddressKind,
  addressOrdersOf,
  AllocationBook,
  type AllocationOrder,
  type Asking,
  type NetworkMap,
} from '../../projections/index.js';
import type { Choice, PoolFigures, Shortage, Stock } from './stock.js';

/** IPv4 addresses for add-ons that were bought without one, out of the pools of the site. */
export class AddressStock implements Stock {
  private readonly kind: AddressKind;
  readonly book: AllocationBook<number>;

  constructor(
    private readonly map: NetworkMap,
    coolDownMs: number,
    readonly notSold: string | undefined,
  ) {
    this.kind = new AddressKind(map);
    this.book = new AllocationBook(map, this.kind, coolDownMs);
  }

  ordersOf(serverId: string): AllocationOrder[] {
    return addressOrdersOf(this.map, serverId);
  }

  noteTable(table: string): boolean {
    return table === 'pools';
  }

  choose(order: AllocationOrder, asking: Asking, now: number): Choice | undefined {
    const chosen = order.product === 'ipv4' ? this.book.choose(asking, now) : undefined;
    if (chosen?.poolId === undefined || order.product !== 'ipv4') return undefined;
    const { serverId, addOnId } = order;
    const data = { serverId, addOnId, address: formatIpv4(chosen.thing), poolId: chosen.poolId };
    return { type: 'Ipv4AddressAllocated', data };
  }

  whyNone(asking: Asking, now: number): string {
    return this.book.freeFor(asking, now) === undefined
      ? `there is no pool for IPv4 add-ons at site ${asking.site}`
      : `no address is free in the pools for IPv4 add-ons at site ${asking.site}`;
  }

  shortage(asking: Asking, now: number): Shortage | undefined {
    // Where no pool was ever declared, billing names the addresses itself.
    if (this.notSold !== undefined || this.map.pools.size === 0) return undefined;
    if ((this.book.freeFor(asking, now) ?? 0) > 0) return undefined;
    return { code: 'ipv4-pool-empty', key: asking.site, cure: 'Publish AddressPoolAdded for the site' };
  }

  pools(now: number): PoolFigures[] {
    return this.kind.open().map(({ declared, range }) => ({ pool: declared, ...this.book.use(range, now) }));
  }
}
