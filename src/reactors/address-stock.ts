import { formatIpv4 } from '../../events/index.js';
import {
  type AddressOrder,
  AddressKind,
  addressOrdersOf,
  AllocationBook,
  type NetworkMap,
} from '../../projections/index.js';
import { askingOfServer, type Choice, type PoolFigures, type Shortage, type SiteOf, type Stock } from './stock.js';

/** IPv4 addresses for add-ons that were bought without one, out of the pools of the site. */
export class AddressStock implements Stock<AddressOrder> {
  private readonly kind: AddressKind;
  readonly book: AllocationBook<number>;

  constructor(
    private readonly map: NetworkMap,
    coolDownMs: number,
    readonly notSold: string | undefined,
    private readonly siteOf: SiteOf,
  ) {
    this.kind = new AddressKind(map);
    this.book = new AllocationBook(map, this.kind, coolDownMs);
  }

  ordersOfServer(serverId: string): readonly AddressOrder[] {
    return addressOrdersOf(this.map, serverId);
  }

  ordersOfCustomer(): readonly AddressOrder[] {
    return [];
  }

  noteTable(table: string): boolean {
    return table === 'pools';
  }

  choose(order: AddressOrder, now: number): Choice | undefined {
    const chosen = this.book.choose(askingOfServer(order, this.siteOf), now);
    if (chosen?.poolId === undefined) return undefined;
    const { serverId, addOnId } = order;
    const data = { serverId, addOnId, address: formatIpv4(chosen.thing), poolId: chosen.poolId };
    return { type: 'Ipv4AddressAllocated', data };
  }

  whyNone(order: AddressOrder, now: number): string {
    const asking = askingOfServer(order, this.siteOf);
    return this.book.freeFor(asking, now) === undefined
      ? `there is no pool for IPv4 add-ons at site ${asking.site}`
      : `no address is free in the pools for IPv4 add-ons at site ${asking.site}`;
  }

  shortage(order: AddressOrder, now: number): Shortage | undefined {
    const asking = askingOfServer(order, this.siteOf);
    // Where no pool was ever declared, billing names the addresses itself.
    if (this.notSold !== undefined || this.map.pools.size === 0) return undefined;
    if ((this.book.freeFor(asking, now) ?? 0) > 0) return undefined;
    return { code: 'ipv4-pool-empty', key: asking.site, cure: 'Publish AddressPoolAdded for the site' };
  }

  pools(now: number): PoolFigures[] {
    return this.kind.open().map((open) => ({ pool: open.declared, ...this.book.use(open, now) }));
  }
}
