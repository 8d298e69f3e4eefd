import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { PoolId } from '../vocabulary/identity.js';

/**
 * Nothing is handed out from this pool any more. Published by an operator.
 * Takes no address from a server that has one.
 */
export class AddressPoolRetired {
  @Is(field.poolId) readonly poolId!: PoolId;
}

export const addressPoolRetired = defineEvent({
  type: 'AddressPoolRetired',
  scope: 'operator',
  version: 1,
  dataClass: AddressPoolRetired,
  stream: (data) => `pool-${data.poolId}`,
  read: (from): AddressPoolRetired => ({ poolId: from.need('poolId', field.poolId) }),
});
