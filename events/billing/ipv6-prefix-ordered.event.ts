import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { OrderId, ServerId } from '../vocabulary/identity.js';

/**
 * The server was sold a /64, whichever is free. Published by billing.
 * Names no prefix: the order is pending until one is allocated, and nothing is routed before.
 */
export class Ipv6PrefixOrdered {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.orderId) readonly orderId!: OrderId;
}

export const ipv6PrefixOrdered = defineEvent({
  type: 'Ipv6PrefixOrdered',
  scope: 'publisher',
  version: 1,
  dataClass: Ipv6PrefixOrdered,
  stream: (data) => `server-${data.serverId}`,
  read: (from): Ipv6PrefixOrdered => ({
    serverId: from.need('serverId', field.serverId),
    orderId: from.need('orderId', field.orderId),
  }),
});
