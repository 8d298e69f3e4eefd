import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { OrderId, ServerId } from '../vocabulary/identity.js';

/**
 * The server gave this order back, and with it its /64. Published by billing.
 * Does not touch its other orders, nor a prefix that billing assigned by name.
 */
export class Ipv6PrefixOrderCancelled {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.orderId) readonly orderId!: OrderId;
}

export const ipv6PrefixOrderCancelled = defineEvent({
  type: 'Ipv6PrefixOrderCancelled',
  scope: 'publisher',
  version: 1,
  dataClass: Ipv6PrefixOrderCancelled,
  stream: (data) => `server-${data.serverId}`,
  read: (from): Ipv6PrefixOrderCancelled => ({
    serverId: from.need('serverId', field.serverId),
    orderId: from.need('orderId', field.orderId),
  }),
});
