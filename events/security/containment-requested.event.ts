import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { ServerId } from '../vocabulary/identity.js';

/**
 * Billing was asked to suspend the server behind this violation. Written by the feed, in the name of who asked.
 * Suspends nobody: only a ServerSuspended of billing does.
 */
export class ContainmentRequested {
  @Is(field.text) readonly violationId!: string;
  /** The server to be suspended. */
  @Is(field.serverId) readonly serverId!: ServerId;
  /** Who did it, such as `token:night-shift`. */
  @Is(field.text) readonly by!: string;
  @Is(field.reason) readonly reason!: string;
  /** Where the kept frames are to be had. */
  @Is(field.evidenceLink) readonly evidence!: string;
}

export const containmentRequested = defineEvent({
  type: 'ContainmentRequested',
  scope: 'own-rooms',
  version: 1,
  dataClass: ContainmentRequested,
  stream: (data) => `violation-${data.violationId}`,
  read: (from): ContainmentRequested => ({
    violationId: from.need('violationId', field.text),
    serverId: from.need('serverId', field.serverId),
    by: from.need('by', field.text),
    reason: from.need('reason', field.reason),
    evidence: from.need('evidence', field.evidenceLink),
  }),
});
