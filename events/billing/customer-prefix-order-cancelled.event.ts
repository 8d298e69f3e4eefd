import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { CustomerId, OrderId } from '../vocabulary/identity.js';

/**
 * The customer gave this order back, and with it its prefix: nothing more is taken out of that. Published by billing.
 * Takes no prefix from a server that has one, and does not touch what billing delegated by name, nor other orders.
 */
export class CustomerPrefixOrderCancelled {
  @Is(field.customerId) readonly customerId!: CustomerId;
  @Is(field.orderId) readonly orderId!: OrderId;
}

export const customerPrefixOrderCancelled = defineEvent({
  type: 'CustomerPrefixOrderCancelled',
  scope: 'publisher',
  version: 1,
  dataClass: CustomerPrefixOrderCancelled,
  stream: (data) => `customer-${data.customerId}`,
  read: (from): CustomerPrefixOrderCancelled => ({
    customerId: from.need('customerId', field.customerId),
    orderId: from.need('orderId', field.orderId),
  }),
});
