import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';

/**
 * Billing stopped the server: its routes and entries go, its claims stay. Published by billing.
 * Does not mean that its addresses are free.
 */
export class ServerSuspended {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Optional() @Is(field.reason) readonly reason?: string;
}

export const serverSuspended = defineEvent({
  type: 'ServerSuspended',
  scope: 'publisher',
  version: 1,
  dataClass: ServerSuspended,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ServerSuspended =>
    compact({
      serverId: from.need('serverId', field.serverId),
      reason: from.maybe('reason', field.reason),
    }),
});
