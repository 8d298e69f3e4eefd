import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { CustomerId } from '../vocabulary/identity.js';
import type { Ipv6Prefix } from '../vocabulary/prefix.js';

/**
 * This prefix is the customer's: the /64s of its servers that are ordered without a prefix are taken out of it. Published by billing.
 * Routes nothing and claims no port: a server gets a route by an Ipv6PrefixAssigned or an Ipv6PrefixOrdered of its own.
 */
export class CustomerPrefixDelegated {
  @Is(field.customerId) readonly customerId!: CustomerId;
  /** Usually a /48 (RFC 6177 leaves the length to the provider); from /36, 2^28 /64s, to one /64. */
  @Is(field.delegatedPrefix) readonly prefix!: Ipv6Prefix;
}

export const customerPrefixDelegated = defineEvent({
  type: 'CustomerPrefixDelegated',
  scope: 'publisher',
  version: 1,
  dataClass: CustomerPrefixDelegated,
  stream: (data) => `customer-${data.customerId}`,
  read: (from): CustomerPrefixDelegated => ({
    customerId: from.need('customerId', field.customerId),
    prefix: from.need('prefix', field.delegatedPrefix),
  }),
});
