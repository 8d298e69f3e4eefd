import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';

/**
 * The server is no longer sold: every fact about it with an earlier time is void. Published by billing.
 * Does not mean that it was unplugged.
 */
export class ServerRemoved {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Optional() @Is(field.reason) readonly reason?: string;
}

export const serverRemoved = defineEvent({
  type: 'ServerRemoved',
  scope: 'publisher',
  version: 1,
  dataClass: ServerRemoved,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ServerRemoved =>
    compact({
      serverId: from.need('serverId', field.serverId),
      reason: from.maybe('reason', field.reason),
    }),
});
