import { type CustomerId, type Ipv6Prefix } from '../../events/index.js';
import {
  AllocationBook,
  type Asking,
  type DelegationRow,
  isWaitingAt,
  type NetworkMap,
  type OpenPrefixes,
  prefixesAt,
  prefixesInLine,
  PrefixKind,
  prefixOrdersOf,
  type ServerPrefixOrder,
} from '../../projections/index.js';
import {
  askingOfServer,
  type Choice,
  type DelegationFigures,
  type PoolFigures,
  type Shortage,
  type SiteOf,
  type Stock,
} from './stock.js';

/** The /64s of servers, out of the prefixes of their customers, or out of the pools of the site for customers that have none. */
export class PrefixStock implements Stock<ServerPrefixOrder> {
  readonly notSold = undefined;
  private readonly kind: PrefixKind;
  readonly book: AllocationBook<Ipv6Prefix, OpenPrefixes>;

  constructor(
    private readonly map: NetworkMap,
    coolDownMs: number,
    private readonly siteOf: SiteOf,
  ) {
    this.kind = new PrefixKind(map);
    this.book = new AllocationBook(map, this.kind, coolDownMs);
  }

  ordersOfServer(serverId: string): readonly ServerPrefixOrder[] {
    return prefixOrdersOf(this.map, serverId);
  }

  ordersOfCustomer(): readonly ServerPrefixOrder[] {
    return [];
  }

  noteTable(table: string): boolean {
    return table === 'pools' || (table === 'delegations' && this.kind.isTooLate);
  }

  choose(order: ServerPrefixOrder, now: number): Choice | undefined {
    if (order.customerId === undefined) return undefined;
    const chosen = this.book.choose(askingOfServer(order, this.siteOf), now);
    if (chosen === undefined) return undefined;
    const { serverId, orderId, customerId } = order;
    const { thing: prefix, poolId } = chosen;
    const data = { serverId, orderId, prefix, customerId, ...(poolId === undefined ? {} : { poolId }) };
    return { type: 'Ipv6PrefixAllocated', data };
  }

  whyNone(order: ServerPrefixOrder, now: number): string {
    const asking = askingOfServer(order, this.siteOf);
    const { customerId, site } = asking;
    const { row, has } = this.sourcesOf(asking);
    if (row === undefined || has.length === 0) {
      if (row !== undefined && isWaitingAt(row, site))
        return `the prefix that was ordered for customer ${row.customerId} at site ${site} is not allocated yet`;
      const own =
        (row?.claims.length ?? 0) === 0 ? 'no prefix is delegated to' : 'no prefix of this site was allocated to';
      return this.book.freeFor(asking, now) === undefined
        ? `${own} customer ${customerId ?? 'nobody'}, and there is no pool for server prefixes at site ${site}`
        : `no /64 is free in the pools for server prefixes at site ${site}`;
    }
    const waiting = has.flatMap((prefix) => {
      const holder = this.map.delegationHolder(row, prefix);
      return holder === undefined ? [] : [`${prefix} waits for that of customer ${holder}`];
    });
    return [`no /64 is free in what is delegated to customer ${customerId}`, ...waiting].join('; ');
  }

  shortage(order: ServerPrefixOrder, now: number): Shortage | undefined {
    const asking = askingOfServer(order, this.siteOf);
    if ((this.book.freeFor(asking, now) ?? 0) > 0) return undefined;
    const { customerId, site } = asking;
    const { row, has } = this.sourcesOf(asking);
    if (has.length > 0) {
      const cure = 'Publish CustomerPrefixDelegated with another prefix for the customer';
      return { code: 'ipv6-prefix-empty', key: `customer ${customerId}`, cure };
    }
    // The order of the prefix that it waits for is told of by itself.
    if (row !== undefined && isWaitingAt(row, site)) return undefined;
    const cure =
      'Publish CustomerPrefixDelegated for the customer, or AddressPoolAdded of purpose server-prefix for the site';
    return { code: 'ipv6-prefix-empty', key: `site ${site}`, cure };
  }

  pools(now: number): PoolFigures[] {
    return this.kind.openPools().map((open) => {
      return { pool: open.declared, countedLength: open.range.unit, ...this.book.use(open, now) };
    });
  }

  /** Every prefix of a customer, the one claimed first first. */
  figuresOf(customerId: string, now: number): DelegationFigures[] {
    const row = this.map.delegations.get(customerId);
    if (row === undefined) return [];
    return prefixesInLine(row).flatMap((prefix) => {
      const opened = this.kind.opened(prefix, (open) => this.book.fill(open));
      if (opened === undefined) return [];
      const use = this.book.use(opened, now, row.customerId);
      return [{ customerId: row.customerId, prefix, heldBy: this.map.delegationHolder(row, prefix), ...use }];
    });
  }

  /** How many /64s a server of this customer could be given at a site now; undefined where there is nothing to take them out of. */
  freeFor(customerId: string | undefined, site: string, now: number): number | undefined {
    return this.book.freeFor({ customerId: customerId as CustomerId | undefined, site }, now);
  }

  /** The prefixes that it may be taken out of, of the customer. */
  private sourcesOf({ customerId, site }: Asking): { row: DelegationRow | undefined; has: readonly Ipv6Prefix[] } {
    const row = customerId === undefined ? undefined : this.map.delegations.get(customerId);
    return { row, has: row === undefined ? [] : prefixesAt(row, site) };
  }
}
