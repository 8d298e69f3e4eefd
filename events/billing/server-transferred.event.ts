import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { CustomerId, ServerId } from '../vocabulary/identity.js';

/**
 * The server belongs to another customer, with all it was sold. Published by billing.
 * Does not mean that any address changed hands between servers.
 */
export class ServerTransferred {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.customerId) readonly customerId!: CustomerId;
}

export const serverTransferred = defineEvent({
  type: 'ServerTransferred',
  scope: 'publisher',
  version: 1,
  dataClass: ServerTransferred,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ServerTransferred =>
    compact({
      serverId: from.need('serverId', field.serverId),
      customerId: from.need('customerId', field.customerId),
    }),
});
