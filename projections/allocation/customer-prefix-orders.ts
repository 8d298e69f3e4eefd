import type { CustomerId } from '../../events/index.js';
import { type PrefixClaim, prefixIn } from '../claims.js';
import { type CustomerAllocation, type CustomerOrder, prefixOfCustomerOrder } from '../customer-prefixes.js';
import type { DelegationRow } from '../delegations.projection.js';
import type { NetworkMap } from '../network-map.js';
import { isWithin, overlap } from '../prefix-overlap.js';
import type { CustomerPrefixOrder } from './allocation-order.js';

/** The orders of one customer that have no prefix they can use, by order. */
export function customerPrefixOrdersOf(map: NetworkMap, customerId: string): CustomerPrefixOrder[] {
  const row = map.delegations.get(customerId);
  return row === undefined ? [] : row.orders.flatMap((order) => orderOf(map, row, order) ?? []);
}

function orderOf(map: NetworkMap, row: DelegationRow, order: CustomerOrder): CustomerPrefixOrder | undefined {
  const { id: orderId, value: ordered, ordinal, time } = order;
  if (ordered === undefined) return undefined;
  const has = prefixOfCustomerOrder(order, row);
  if (has !== undefined && !isLost(map, row, order, has)) return undefined;
  // Also one that was chosen for another site or length: the next decision answers it.
  const lost = row.allocated.find(({ id }) => id === orderId);
  return {
    product: 'customer-prefix',
    customerId: row.customerId,
    orderId,
    ...ordered,
    bought: { ordinal, time },
    lost,
  };
}

/**
 * Another customer's delegation or server stands before it in the log, or this customer has it otherwise: billing named
 * it or one around it, or an earlier order has a part of it.
 */
function isLost(
  map: NetworkMap,
  row: DelegationRow,
  order: CustomerOrder,
  { value: prefix }: CustomerAllocation,
): boolean {
  const isNamed = row.prefixes.some((one) => one.value && isWithin(prefix, one.prefix));
  const isOrdered = row.orders.some((other) => {
    const its = other.ordinal < order.ordinal ? prefixOfCustomerOrder(other, row) : undefined;
    return its !== undefined && overlap(prefix, its.value);
  });
  const claim = prefixIn(row.claims, prefix);
  return (
    isNamed ||
    isOrdered ||
    map.delegationHolder(row, prefix) !== undefined ||
    (claim !== undefined && isOfOthersBefore(map, claim, row.customerId))
  );
}

/** A server that is another customer's has a part of it, since before it was claimed. */
function isOfOthersBefore(map: NetworkMap, claim: PrefixClaim, customerId: CustomerId): boolean {
  return map.claims.claimantsOf(claim).some(({ serverId, claim: { since } }) => {
    const customer = map.assignments.get(serverId)?.customer;
    return customer?.value !== customerId && Math.max(since, customer?.ordinal ?? -1) < claim.since;
  });
}
