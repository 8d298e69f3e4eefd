import { type CustomerId, type Ipv6Prefix, type OrderId, type PoolId, prefixBits } from '../events/index.js';
import type { PrefixGrant } from './assignments.projection.js';
import type { PrefixClaim } from './claims.js';
import { type Ended, ended, formersAfter } from './formers.js';
import type { Register, Stamp } from './register.js';

/** What an order asks for: a prefix of this length, out of the pools of this site. */
export interface OrderedPrefix {
  readonly site: string;
  readonly length: number;
}

/** What a customer ordered, by the order's last word; undefined once it was cancelled. */
export interface CustomerOrder extends Register<OrderedPrefix | undefined> {
  readonly id: OrderId;
}

/** The prefix that our own allocator chose for an order of a customer last. */
export interface CustomerAllocation extends Register<Ipv6Prefix> {
  readonly id: OrderId;
  /** For which site it was chosen: it counts for no other. */
  readonly site: string;
  readonly poolId: PoolId;
}

/** The words on the prefixes of one customer. */
export interface CustomerWords {
  readonly customerId: CustomerId;
  /** By name, sorted by prefix; withdrawn ones are kept, so that an older fact that arrives late stays overtaken. */
  readonly prefixes: readonly PrefixGrant[];
  /** Sorted by id; cancelled ones are kept as well. */
  readonly orders: readonly CustomerOrder[];
  /** What our own allocator chose for orders, sorted by order; `prefixOfCustomerOrder` tells whether it counts. */
  readonly allocated: readonly CustomerAllocation[];
  /** What orders had before, by order, the latest named first. */
  readonly formers: readonly CustomerAllocation[];
}

/** A prefix that a customer has, by the fact that names it. */
export interface CustomerPrefix extends Stamp {
  readonly prefix: Ipv6Prefix;
  /** The order that it was allocated for; undefined where billing names it. */
  readonly allocated: CustomerAllocation | undefined;
}

type Allocations = Pick<CustomerWords, 'orders' | 'allocated'>;

/** The prefix of an order; undefined while it has none, and where the one it has was chosen for another site or length. */
export function prefixOfCustomerOrder(
  { id, value: ordered }: CustomerOrder,
  { allocated }: Pick<Allocations, 'allocated'>,
): CustomerAllocation | undefined {
  if (ordered === undefined) return undefined;
  return allocated.find(
    (one) => one.id === id && one.site === ordered.site && prefixBits(one.value).length === ordered.length,
  );
}

/** Every prefix that the customer has, once each: what billing delegated by name, then what was allocated to its orders. */
export function customerPrefixes(words: Allocations & Pick<CustomerWords, 'prefixes'>): readonly CustomerPrefix[] {
  const has: CustomerPrefix[] = [];
  for (const { prefix, value: isDelegated, time, ordinal } of words.prefixes)
    if (isDelegated) has.push({ prefix, allocated: undefined, time, ordinal });
  for (const order of words.orders) {
    const allocated = prefixOfCustomerOrder(order, words);
    if (allocated === undefined || has.some(({ prefix }) => prefix === allocated.value)) continue;
    has.push({ prefix: allocated.value, allocated, time: allocated.time, ordinal: allocated.ordinal });
  }
  return has;
}

/** What servers of a customer at a site may be served out of, the prefix claimed first first: none that was chosen for another site. */
export function prefixesAt(row: CustomerWords & Claims, site: string): readonly Ipv6Prefix[] {
  const isAt = ({ allocated }: CustomerPrefix): boolean => allocated === undefined || allocated.site === site;
  const here = new Set(customerPrefixes(row).flatMap((one) => (isAt(one) ? [one.prefix] : [])));
  return prefixesInLine(row).filter((prefix) => here.has(prefix));
}

/** Every prefix of a customer, the one claimed first first. */
export function prefixesInLine({ claims }: Claims): readonly Ipv6Prefix[] {
  return [...claims].sort((a, b) => a.since - b.since).map(({ prefix }) => prefix);
}

interface Claims {
  readonly claims: readonly PrefixClaim[];
}

/** True while the customer waits for a prefix at a site. */
export function isWaitingAt(words: Allocations, site: string): boolean {
  return unallocatedCustomerOrders(words).some(({ value }) => value?.site === site);
}

/** The orders for which no prefix is allocated. */
export function unallocatedCustomerOrders(words: Allocations): CustomerOrder[] {
  return words.orders.filter((one) => one.value !== undefined && prefixOfCustomerOrder(one, words) === undefined);
}

/** The former allocations after a fact; `named` is the one that it makes, if it does. The same list when nothing changed. */
export function formerAllocationsAfter(
  before: CustomerWords,
  after: Allocations,
  named: CustomerAllocation | undefined,
): readonly CustomerAllocation[] {
  if (named === undefined && after.orders === before.orders && after.allocated === before.allocated)
    return before.formers;
  const isStill = ({ id, value, site }: CustomerAllocation): boolean =>
    after.orders.some((one) => {
      const has = one.id === id ? prefixOfCustomerOrder(one, after) : undefined;
      return has?.value === value && has.site === site;
    });
  return formersAfter(before.formers, before.allocated, named, isStill);
}

/** A prefix that a customer had, and since when; that is not known of one that billing named. */
export interface EndedCustomerPrefix extends Ended<Ipv6Prefix> {
  readonly namedAt: number;
}

/** Each prefix that the customer had and has no more, whatever else of it has that prefix now. */
export function endedCustomerPrefixes({ prefixes, orders, allocated, formers }: CustomerWords): EndedCustomerPrefix[] {
  const withdrawn = prefixes.flatMap(({ prefix, value: isDelegated, time }) =>
    isDelegated ? [] : [{ value: prefix, namedAt: Number.NEGATIVE_INFINITY, endedAt: time }],
  );
  const given = formers.map((one, index) => {
    const next = formers[index - 1];
    const isOf = ({ id }: { readonly id: OrderId }): boolean => id === one.id;
    const later = [next?.id === one.id ? next : undefined, orders.find(isOf), allocated.find(isOf)];
    return { ...ended(one, later), namedAt: one.time };
  });
  return [...withdrawn, ...given];
}
