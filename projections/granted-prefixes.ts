import type { CustomerId, Ipv6Prefix, OrderId, PoolId } from '../events/index.js';
import type { AssignmentRow } from './assignments.projection.js';
import type { Register, Stamp } from './register.js';

/** Whether a /64 is ordered, by the order's last word; false once it was cancelled. */
export interface PrefixOrder extends Register<boolean> {
  readonly id: OrderId;
}

/** The /64 that our own allocator chose for an order last. */
export interface AllocatedPrefix extends Register<Ipv6Prefix> {
  readonly id: OrderId;
  /** For whom it was chosen: it counts for no other customer. */
  readonly customerId: CustomerId;
  /** The pool that it was taken out of; undefined where it came out of a prefix of the customer. */
  readonly poolId: PoolId | undefined;
}

/** A prefix that a server has, by the fact that names it. */
export interface GrantedPrefix {
  readonly prefix: Ipv6Prefix;
  /** The order that it was allocated for; undefined where billing names it. */
  readonly allocated: AllocatedPrefix | undefined;
  readonly time: number;
  readonly ordinal: number;
}

type Prefixes = Pick<AssignmentRow, 'customer' | 'prefixes' | 'prefixOrders' | 'allocatedPrefixes'>;

/** The /64 of an order; undefined while it has none, and where the one it has was chosen for another customer. */
export function prefixOfOrder(
  { id, value: isOrdered }: PrefixOrder,
  { allocatedPrefixes, customer }: Pick<Prefixes, 'allocatedPrefixes' | 'customer'>,
): AllocatedPrefix | undefined {
  if (!isOrdered) return undefined;
  return allocatedPrefixes.find((one) => one.id === id && one.customerId === customer?.value);
}

/** Every prefix the server has, once each: what billing assigned by name, then what was allocated to its orders. */
export function grantedPrefixes(row: Prefixes): readonly GrantedPrefix[] {
  const granted: GrantedPrefix[] = [];
  for (const { prefix, value: isAssigned, time, ordinal } of row.prefixes)
    if (isAssigned) granted.push({ prefix, allocated: undefined, time, ordinal });
  for (const order of row.prefixOrders) {
    const allocated = prefixOfOrder(order, row);
    if (allocated === undefined || granted.some(({ prefix }) => prefix === allocated.value)) continue;
    const { value: prefix, time, ordinal } = allocated;
    granted.push({ prefix, allocated, time, ordinal });
  }
  return granted;
}

/** The orders for which no /64 is allocated, each with the stamp of its fact. */
export function unallocatedOrders(row: Prefixes): (Stamp & { readonly id: OrderId })[] {
  return row.prefixOrders.filter((one) => one.value && prefixOfOrder(one, row) === undefined);
}
