import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';

/**
 * Billing does not suspend the server that it was asked to suspend for this violation. Published by billing.
 * Does not mean that the violation is none, and changes nothing of what the server is granted.
 */
export class ContainmentRefused {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.text) readonly violationId!: string;
  @Is(field.reason) readonly reason!: string;
}

export const containmentRefused = defineEvent({
  type: 'ContainmentRefused',
  scope: 'publisher',
  version: 1,
  dataClass: ContainmentRefused,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ContainmentRefused => ({
    serverId: from.need('serverId', field.serverId),
    violationId: from.need('violationId', field.text),
    reason: from.need('reason', field.reason),
  }),
});
