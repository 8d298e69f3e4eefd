import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { AddOnId, PoolId, ServerId } from '../vocabulary/identity.js';
import type { Ipv4Address } from '../vocabulary/ip-address.js';

/**
 * This address of the pool was chosen for an add-on that was bought without one.
 * Stream `server-<serverId>`, written by our own rooms; `causedBy` names the Ipv4AddOnBought that asked.
 * Counts only while the add-on's latest fact is a purchase that names no address. Grants nothing that was not bought.
 */
export class Ipv4AddressAllocated {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.addOnId) readonly addOnId!: AddOnId;
  @Is(field.ipv4) readonly address!: Ipv4Address;
  @Is(field.poolId) readonly poolId!: PoolId;
}

export const ipv4AddressAllocated = defineEvent({
  type: 'Ipv4AddressAllocated',
  scope: 'own-rooms',
  version: 1,
  dataClass: Ipv4AddressAllocated,
  stream: (data) => `server-${data.serverId}`,
  read: (from): Ipv4AddressAllocated => ({
    serverId: from.need('serverId', field.serverId),
    addOnId: from.need('addOnId', field.addOnId),
    address: from.need('address', field.ipv4),
    poolId: from.need('poolId', field.poolId),
  }),
});
