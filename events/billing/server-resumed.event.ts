import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';

/**
 * Billing lets a suspended server run again. Published by billing.
 * Does not mean that its link is up.
 */
export class ServerResumed {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Optional() @Is(field.reason) readonly reason?: string;
}

export const serverResumed = defineEvent({
  type: 'ServerResumed',
  scope: 'publisher',
  version: 1,
  dataClass: ServerResumed,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ServerResumed =>
    compact({
      serverId: from.need('serverId', field.serverId),
      reason: from.maybe('reason', field.reason),
    }),
});
