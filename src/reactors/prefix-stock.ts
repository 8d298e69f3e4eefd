import type { CustomerId } from '../../events/index.js';
import {
  AllocationBook,
  type AllocationOrder,
  type Asking,
  type DelegationRow,
  type NetworkMap,
  PrefixKind,
  prefixOrdersOf,
} from '../../projections/index.js';
import type { Ipv6Prefix } from '../../events/index.js';
import type { Choice, DelegationFigures, PoolFigures, Shortage, Stock } from './stock.js';

/** The /64s of servers, out of the prefixes of their customers, or out of the pools of the site for customers that have none. */
export class PrefixStock implements Stock {
  readonly notSold = undefined;
  private readonly kind: PrefixKind;
  readonly book: AllocationBook<Ipv6Prefix>;

  constructor(
    private readonly map: NetworkMap,
    coolDownMs: number,
  ) {
    this.kind = new PrefixKind(map);
    this.book = new AllocationBook(map, this.kind, coolDownMs);
  }

  ordersOf(serverId: string): AllocationOrder[] {
    return prefixOrdersOf(this.map, serverId);
  }

  noteTable(table: string): boolean {
    return table === 'pools' || (table === 'delegations' && this.kind.isTooLate);
  }

  choose(order: AllocationOrder, asking: Asking, now: number): Choice | undefined {
    if (order.product !== 'ipv6' || order.customerId === undefined) return undefined;
    const chosen = this.book.choose(asking, now);
    if (chosen === undefined) return undefined;
    const { serverId, orderId, customerId } = order;
    const { thing: prefix, poolId } = chosen;
    const data = { serverId, orderId, prefix, customerId, ...(poolId === undefined ? {} : { poolId }) };
    return { type: 'Ipv6PrefixAllocated', data };
  }

  whyNone(asking: Asking, now: number): string {
    const { customerId, site } = asking;
    const row = this.delegationsOf(customerId);
    if (row === undefined) {
      return this.book.freeFor(asking, now) === undefined
        ? `no prefix is delegated to customer ${customerId ?? 'nobody'}, and there is no pool for server prefixes at site ${site}`
        : `no /64 is free in the pools for server prefixes at site ${site}`;
    }
    const waiting = row.claims.flatMap(({ prefix }) => {
      const holder = this.map.delegationHolder(row, prefix);
      return holder === undefined ? [] : [`${prefix} waits for that of customer ${holder}`];
    });
    return [`no /64 is free in what is delegated to customer ${customerId}`, ...waiting].join('; ');
  }

  shortage(asking: Asking, now: number): Shortage | undefined {
    if ((this.book.freeFor(asking, now) ?? 0) > 0) return undefined;
    const { customerId, site } = asking;
    if (this.delegationsOf(customerId) !== undefined) {
      const cure = 'Publish CustomerPrefixDelegated with another prefix for the customer';
      return { code: 'ipv6-prefix-empty', key: `customer ${customerId}`, cure };
    }
    const cure =
      'Publish CustomerPrefixDelegated for the customer, or AddressPoolAdded of purpose server-prefix for the site';
    return { code: 'ipv6-prefix-empty', key: `site ${site}`, cure };
  }

  pools(now: number): PoolFigures[] {
    return this.kind.openPools().map(({ declared, range }) => ({ pool: declared, ...this.book.use(range, now) }));
  }

  /** Every prefix of a customer, the one delegated first first. */
  figuresOf(customerId: string, now: number): DelegationFigures[] {
    const row = this.delegationsOf(customerId);
    if (row === undefined) return [];
    return [...row.claims]
      .sort((a, b) => a.since - b.since)
      .flatMap(({ prefix }) => {
        const opened = this.kind.opened(prefix, (range) => this.book.fill(range));
        if (opened === undefined) return [];
        const use = this.book.use(opened.range, now, row.customerId);
        return [{ customerId: row.customerId, prefix, heldBy: this.map.delegationHolder(row, prefix), ...use }];
      });
  }

  /** How many /64s a server of this customer could be given at a site now; undefined where there is nothing to take them out of. */
  freeFor(customerId: string | undefined, site: string, now: number): number | undefined {
    return this.book.freeFor({ customerId: customerId as CustomerId | undefined, site }, now);
  }

  private delegationsOf(customerId: string | undefined): DelegationRow | undefined {
    const row = customerId === undefined ? undefined : this.map.delegations.get(customerId);
    return row === undefined || row.claims.length === 0 ? undefined : row;
  }
}
