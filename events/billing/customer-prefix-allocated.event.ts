import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { CustomerId, OrderId, PoolId } from '../vocabulary/identity.js';
import type { Ipv6Prefix } from '../vocabulary/prefix.js';

/**
 * This prefix was chosen for an order of the customer.
 * Stream `customer-<customerId>`, written by our own rooms; `causedBy` names the CustomerPrefixOrdered that asked.
 * Counts only while the order's latest fact is an order of a prefix of this length at this site. Routes nothing.
 */
export class CustomerPrefixAllocated {
  @Is(field.customerId) readonly customerId!: CustomerId;
  @Is(field.orderId) readonly orderId!: OrderId;
  @Is(field.delegatedPrefix) readonly prefix!: Ipv6Prefix;
  /** For which site it was chosen. */
  @Is(field.siteName) readonly site!: string;
  /** The pool that it was taken out of. */
  @Is(field.poolId) readonly poolId!: PoolId;
}

export const customerPrefixAllocated = defineEvent({
  type: 'CustomerPrefixAllocated',
  scope: 'own-rooms',
  version: 1,
  dataClass: CustomerPrefixAllocated,
  stream: (data) => `customer-${data.customerId}`,
  read: (from): CustomerPrefixAllocated => ({
    customerId: from.need('customerId', field.customerId),
    orderId: from.need('orderId', field.orderId),
    prefix: from.need('prefix', field.delegatedPrefix),
    site: from.need('site', field.siteName),
    poolId: from.need('poolId', field.poolId),
  }),
});
