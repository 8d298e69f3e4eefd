import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';
import type { CustomerId, OrderId } from '../vocabulary/identity.js';

/**
 * The customer is to have a prefix at this site, whichever is free. Published by billing.
 * Names no prefix: the order is pending until one is allocated out of a pool of purpose `customer-prefix` of the site. Routes nothing.
 */
export class CustomerPrefixOrdered {
  @Is(field.customerId) readonly customerId!: CustomerId;
  @Is(field.orderId) readonly orderId!: OrderId;
  @Is(field.siteName) readonly site!: string;
  /** Default 48 (RFC 6177 leaves it to the provider). */
  @Optional() @Is(field.delegatedLength) readonly length?: number;
}

export const customerPrefixOrdered = defineEvent({
  type: 'CustomerPrefixOrdered',
  scope: 'publisher',
  version: 1,
  dataClass: CustomerPrefixOrdered,
  stream: (data) => `customer-${data.customerId}`,
  read: (from): CustomerPrefixOrdered =>
    compact({
      customerId: from.need('customerId', field.customerId),
      orderId: from.need('orderId', field.orderId),
      site: from.need('site', field.siteName),
      length: from.maybe('length', field.delegatedLength),
    }),
});
