import { compact, defineEvent } from '../contract.js';
import { field, Is, ListOf, Optional, type PoolPurpose } from '../vocabulary/fields.js';
import type { PoolId } from '../vocabulary/identity.js';
import type { IpAddress } from '../vocabulary/ip-address.js';
import type { AnyPrefix } from '../vocabulary/prefix.js';

/**
 * Addresses of this prefix may be handed out to servers at this site. Published by an operator.
 * Replaces what was said of the pool before; what was allocated from it stays with its servers. Announces nothing.
 */
export class AddressPoolAdded {
  @Is(field.poolId) readonly poolId!: PoolId;
  @Is(field.anyPrefix) readonly prefix!: AnyPrefix;
  @Is(field.siteName) readonly site!: string;
  @Is(field.poolPurpose) readonly purpose!: PoolPurpose;
  /** Never handed out, beside the network, broadcast and gateway addresses, which never are. */
  @Optional() @ListOf(field.gatewayAddress) readonly reserved?: readonly IpAddress[];
}

export const addressPoolAdded = defineEvent({
  type: 'AddressPoolAdded',
  scope: 'operator',
  version: 1,
  dataClass: AddressPoolAdded,
  stream: (data) => `pool-${data.poolId}`,
  read: (from): AddressPoolAdded =>
    compact({
      poolId: from.need('poolId', field.poolId),
      prefix: from.need('prefix', field.anyPrefix),
      site: from.need('site', field.siteName),
      purpose: from.need('purpose', field.poolPurpose),
      reserved: from.maybeList('reserved', field.gatewayAddress),
    }),
});
