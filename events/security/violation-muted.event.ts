import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';
import type { CustomerId, PortId } from '../vocabulary/identity.js';

/**
 * The violations of this scope alert nobody until `until`, 30 days after this at most. Written by the feed, in the name of who muted them.
 * The scope is one violation (violationId), a rule at a port (rule, port), or a rule and the customer whose frames it finds (rule, customerId);
 * any other choice of these fields mutes nothing. Does not close a violation, and does not keep frames from being judged.
 */
export class ViolationMuted {
  @Is(field.muteId) readonly muteId!: string;
  @Optional() @Is(field.text) readonly violationId?: string;
  @Optional() @Is(field.ruleName) readonly rule?: string;
  @Optional() @Is(field.port) readonly port?: PortId;
  @Optional() @Is(field.customerId) readonly customerId?: CustomerId;
  @Is(field.reason) readonly reason!: string;
  @Is(field.instant) readonly until!: string;
  /** Who did it, such as `token:night-shift`. */
  @Is(field.text) readonly by!: string;
}

export const violationMuted = defineEvent({
  type: 'ViolationMuted',
  scope: 'own-rooms',
  version: 1,
  dataClass: ViolationMuted,
  stream: (data) => `mute-${data.muteId}`,
  read: (from): ViolationMuted =>
    compact({
      muteId: from.need('muteId', field.muteId),
      violationId: from.maybe('violationId', field.text),
      rule: from.maybe('rule', field.ruleName),
      port: from.maybe('port', field.port),
      customerId: from.maybe('customerId', field.customerId),
      reason: from.need('reason', field.reason),
      until: from.need('until', field.instant),
      by: from.need('by', field.text),
    }),
});
