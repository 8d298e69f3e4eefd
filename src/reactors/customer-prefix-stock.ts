import type { CustomerId, Ipv6Prefix } from '../../events/index.js';
import {
  AllocationBook,
  type Asking,
  countedLength,
  type CustomerPrefixOrder,
  CustomerPrefixKind,
  customerPrefixOrdersOf,
  holderOfCustomer,
  type NetworkMap,
  type OpenCustomerPool,
  type ServedCustomer,
} from '../../projections/index.js';
import type { Choice, PoolFigures, Shortage, Stock } from './stock.js';

/** The prefixes of customers that were ordered without naming one, out of the pools for customer prefixes of the site. */
export class CustomerPrefixStock implements Stock<CustomerPrefixOrder> {
  readonly notSold = undefined;
  private readonly kind: CustomerPrefixKind;
  readonly book: AllocationBook<Ipv6Prefix, OpenCustomerPool, ServedCustomer>;

  constructor(
    private readonly map: NetworkMap,
    coolDownMs: number,
  ) {
    this.kind = new CustomerPrefixKind(map);
    this.book = new AllocationBook(map, this.kind, coolDownMs);
  }

  ordersOfServer(): readonly CustomerPrefixOrder[] {
    return [];
  }

  ordersOfCustomer(customerId: string): readonly CustomerPrefixOrder[] {
    return customerPrefixOrdersOf(this.map, customerId);
  }

  noteTable(table: string): boolean {
    return table === 'pools';
  }

  choose(order: CustomerPrefixOrder, now: number): Choice | undefined {
    const chosen = this.book.choose(askingOf(order), now);
    if (chosen?.poolId === undefined) return undefined;
    const { customerId, orderId, site } = order;
    const data = { customerId, orderId, prefix: chosen.thing, site, poolId: chosen.poolId };
    return { type: 'CustomerPrefixAllocated', data };
  }

  whyNone(order: CustomerPrefixOrder, now: number): string {
    const { site, length } = order;
    return this.book.freeFor(askingOf(order), now) === undefined
      ? `there is no pool for customer prefixes that a /${length} fits into at site ${site}`
      : `no /${length} is free in the pools for customer prefixes at site ${site}`;
  }

  shortage(order: CustomerPrefixOrder, now: number): Shortage | undefined {
    if ((this.book.freeFor(askingOf(order), now) ?? 0) > 0) return undefined;
    const key = `/${order.length} at site ${order.site}`;
    const cure = 'Publish AddressPoolAdded of purpose customer-prefix for the site';
    return { code: 'customer-prefix-empty', key, cure };
  }

  pools(now: number): PoolFigures[] {
    return this.kind
      .openPools((open) => this.book.fill(open))
      .map((open) => ({
        ...{ pool: open.declared, countedLength: countedLength(open.declared) },
        ...this.book.use(open, now),
      }));
  }

  /** How many prefixes of this length could be had at a site now; undefined where there is no pool that one fits into. */
  freeFor(site: string, length: number, now: number): number | undefined {
    return this.book.freeFor({ customerId: nobody, site, length }, now);
  }
}

/** What is free for a customer without a past. */
const nobody = '' as CustomerId;

function askingOf({ customerId, site, length }: CustomerPrefixOrder): Asking<ServedCustomer> {
  return { holder: holderOfCustomer(customerId), customerId, site, length };
}
