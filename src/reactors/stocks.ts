import { type AllocationOrder, holderOfCustomer, type NetworkMap } from '../../projections/index.js';
import { AddressStock } from './address-stock.js';
import { CustomerPrefixStock } from './customer-prefix-stock.js';
import { PrefixStock } from './prefix-stock.js';
import type { PoolFigures, SiteOf, Stock } from './stock.js';

export interface StockOptions {
  readonly siteOf: SiteOf;
  /** How long what was given back is kept from others, ms. */
  readonly coolDownMs: number;
  /** Why no IPv4 is sold just now. Undefined while it is sold. */
  readonly notSold?: string | undefined;
}

/** All that orders are served from, by product. */
export class Stocks {
  readonly addresses: AddressStock;
  readonly prefixes: PrefixStock;
  readonly customerPrefixes: CustomerPrefixStock;
  private readonly each: readonly Stock[];

  constructor(
    private readonly map: NetworkMap,
    { siteOf, coolDownMs, notSold }: StockOptions,
  ) {
    this.addresses = new AddressStock(map, coolDownMs, notSold, siteOf);
    this.prefixes = new PrefixStock(map, coolDownMs, siteOf);
    this.customerPrefixes = new CustomerPrefixStock(map, coolDownMs);
    this.each = [this.addresses, this.prefixes, this.customerPrefixes];
  }

  /** Those of the order's product. */
  of({ product }: AllocationOrder): Stock {
    if (product === 'ipv4') return this.addresses;
    return product === 'ipv6' ? this.prefixes : this.customerPrefixes;
  }

  /** Reads all from the map, a few servers at a time; before its end nothing is right. */
  *rebuild(): Generator<void, void> {
    for (const { book } of this.each) yield* book.rebuild();
  }

  /** Hears of a change of the map; true where it needs a new beginning. */
  note(table: string, key: string): boolean {
    if (this.each.some((stock) => stock.noteTable(table))) return true;
    for (const { book } of this.each)
      if (table === 'gateways') book.noteGateway(key);
      else if (table === 'assignments') book.noteServer(key);
      else if (table === 'delegations') book.noteCustomer(key);
    return false;
  }

  /** Of each server and customer, as a line of orders names them, what it ordered and does not have. */
  *orders(): Generator<readonly [holder: string, orders: readonly AllocationOrder[]], void> {
    for (const serverId of this.map.assignments.keys()) yield this.ordersOfServer(serverId);
    for (const customerId of this.map.delegations.keys()) yield this.ordersOfCustomer(customerId);
  }

  ordersOfServer(serverId: string): readonly [holder: string, orders: readonly AllocationOrder[]] {
    return [serverId, this.each.flatMap((stock) => stock.ordersOfServer(serverId))];
  }

  ordersOfCustomer(customerId: string): readonly [holder: string, orders: readonly AllocationOrder[]] {
    return [holderOfCustomer(customerId), this.each.flatMap((stock) => stock.ordersOfCustomer(customerId))];
  }

  /** What has cooled down by now is free. */
  passTime(now: number): void {
    for (const { book } of this.each) book.passTime(now);
  }

  /** When the next thing has cooled down, ms since 1970; undefined where none cools. */
  get nextCooled(): number | undefined {
    const cooling = this.each.flatMap(({ book }) => book.nextCooled ?? []);
    return cooling.length === 0 ? undefined : Math.min(...cooling);
  }

  pools(now: number): PoolFigures[] {
    return this.each.flatMap((stock) => stock.pools(now));
  }
}
