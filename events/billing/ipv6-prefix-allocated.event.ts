import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';
import type { CustomerId, OrderId, PoolId, ServerId } from '../vocabulary/identity.js';
import type { Ipv6Prefix } from '../vocabulary/prefix.js';

/**
 * This /64 was chosen for an order of the server.
 * Stream `server-<serverId>`, written by our own rooms; `causedBy` names the Ipv6PrefixOrdered that asked.
 * Counts only while the order's latest fact is the order, and the server is of this customer. Grants nothing that was not ordered.
 */
export class Ipv6PrefixAllocated {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.orderId) readonly orderId!: OrderId;
  @Is(field.delegatedPrefix) readonly prefix!: Ipv6Prefix;
  /** For whom it was chosen; out of a prefix delegated to this customer where `poolId` is absent. */
  @Is(field.customerId) readonly customerId!: CustomerId;
  /** The pool that it was taken out of, where the customer had no prefix. */
  @Optional() @Is(field.poolId) readonly poolId?: PoolId;
}

export const ipv6PrefixAllocated = defineEvent({
  type: 'Ipv6PrefixAllocated',
  scope: 'own-rooms',
  version: 1,
  dataClass: Ipv6PrefixAllocated,
  stream: (data) => `server-${data.serverId}`,
  read: (from): Ipv6PrefixAllocated =>
    compact({
      serverId: from.need('serverId', field.serverId),
      orderId: from.need('orderId', field.orderId),
      prefix: from.need('prefix', field.delegatedPrefix),
      customerId: from.need('customerId', field.customerId),
      poolId: from.maybe('poolId', field.poolId),
    }),
});
