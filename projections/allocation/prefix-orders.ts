import type { AssignmentRow } from '../assignments.projection.js';
import { prefixClaim } from '../claims.js';
import { type AllocatedPrefix, type PrefixOrder, prefixOfOrder } from '../granted-prefixes.js';
import type { NetworkMap } from '../network-map.js';
import type { ServerPrefixOrder } from './allocation-order.js';
import { isClaimLost } from './lost-claim.js';

/** The orders of one server that have no /64 they can use, by order; none of a server that is not sold. */
export function prefixOrdersOf(map: NetworkMap, serverId: string): ServerPrefixOrder[] {
  const row = map.assignments.get(serverId);
  if (row?.added === undefined) return [];
  return row.prefixOrders.flatMap((order) => orderOf(map, row, order) ?? []);
}

function orderOf(map: NetworkMap, row: AssignmentRow, order: PrefixOrder): ServerPrefixOrder | undefined {
  const { id: orderId, value: isOrdered, ordinal, time } = order;
  if (!isOrdered) return undefined;
  const has = prefixOfOrder(order, row);
  if (has !== undefined && !isLost(map, row, order, has)) return undefined;
  const { serverId, customer, port, allocatedPrefixes } = row;
  // Also one that was chosen for another customer: the next decision answers it.
  const lost = allocatedPrefixes.find(({ id }) => id === orderId);
  const bought = { ordinal, time };
  return { product: 'ipv6', serverId, orderId, bought, lost, customerId: customer?.value, port: port?.value };
}

/** Another server stands before it in line, or this server has the prefix otherwise: by name, or for an earlier order. */
function isLost(map: NetworkMap, row: AssignmentRow, order: PrefixOrder, { value: prefix }: AllocatedPrefix): boolean {
  const isNamed = row.prefixes.some((one) => one.value && one.prefix === prefix);
  const isElsewhere = row.prefixOrders.some(
    (other) => other.id !== order.id && prefixOfOrder(other, row)?.value === prefix && other.ordinal < order.ordinal,
  );
  return isNamed || isElsewhere || isClaimLost(map, row, prefixClaim(prefix));
}
