import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { AddOnId, ServerId } from '../vocabulary/identity.js';

/**
 * The server gave this add-on back, and with it its address. Published by billing.
 * Does not touch its other add-ons.
 */
export class Ipv4AddOnCancelled {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.addOnId) readonly addOnId!: AddOnId;
}

export const ipv4AddOnCancelled = defineEvent({
  type: 'Ipv4AddOnCancelled',
  scope: 'publisher',
  version: 1,
  dataClass: Ipv4AddOnCancelled,
  stream: (data) => `server-${data.serverId}`,
  read: (from): Ipv4AddOnCancelled =>
    compact({
      serverId: from.need('serverId', field.serverId),
      addOnId: from.need('addOnId', field.addOnId),
    }),
});
