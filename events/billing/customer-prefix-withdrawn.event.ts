import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { CustomerId } from '../vocabulary/identity.js';
import type { Ipv6Prefix } from '../vocabulary/prefix.js';

/**
 * The customer has this prefix no more: nothing more is taken out of it. Published by billing.
 * Takes no prefix from a server that has one. Ends no order: what was allocated to one goes back by CustomerPrefixOrderCancelled.
 */
export class CustomerPrefixWithdrawn {
  @Is(field.customerId) readonly customerId!: CustomerId;
  @Is(field.delegatedPrefix) readonly prefix!: Ipv6Prefix;
}

export const customerPrefixWithdrawn = defineEvent({
  type: 'CustomerPrefixWithdrawn',
  scope: 'publisher',
  version: 1,
  dataClass: CustomerPrefixWithdrawn,
  stream: (data) => `customer-${data.customerId}`,
  read: (from): CustomerPrefixWithdrawn => ({
    customerId: from.need('customerId', field.customerId),
    prefix: from.need('prefix', field.delegatedPrefix),
  }),
});
