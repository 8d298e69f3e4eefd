import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';
import type { PortId, ServerId } from '../vocabulary/identity.js';
import type { MacAddress } from '../vocabulary/mac-address.js';
import type { AnyPrefix } from '../vocabulary/prefix.js';

/**
 * Findings of this rule at this place are expected until `expires`: they are counted and raise no violation.
 * Stream `exception-<exceptionId>`, published by an operator. All scope fields that are given must fit a frame.
 * One that names no scope field fits nothing. Does not grant an address or a MAC to anybody.
 */
export class ExceptionGranted {
  @Is(field.exceptionId) readonly exceptionId!: string;
  @Is(field.ruleName) readonly rule!: string;
  @Optional() @Is(field.port) readonly port?: PortId;
  /** The MAC the frame comes from, or the one it claims for. */
  @Optional() @Is(field.mac) readonly mac?: MacAddress;
  /** The claimed address lies inside. */
  @Optional() @Is(field.anyPrefix) readonly prefix?: AnyPrefix;
  /** The server billing put on the port, VLAN or MAC of the frame. */
  @Optional() @Is(field.serverId) readonly serverId?: ServerId;
  /** Who answers for it. */
  @Is(field.text) readonly owner!: string;
  @Is(field.reason) readonly reason!: string;
  /** Frames captured at this instant or later are no longer excused. */
  @Is(field.instant) readonly expires!: string;
}

export const exceptionGranted = defineEvent({
  type: 'ExceptionGranted',
  scope: 'operator',
  version: 1,
  dataClass: ExceptionGranted,
  stream: (data) => `exception-${data.exceptionId}`,
  read: (from): ExceptionGranted =>
    compact({
      exceptionId: from.need('exceptionId', field.exceptionId),
      rule: from.need('rule', field.ruleName),
      port: from.maybe('port', field.port),
      mac: from.maybe('mac', field.mac),
      prefix: from.maybe('prefix', field.anyPrefix),
      serverId: from.maybe('serverId', field.serverId),
      owner: from.need('owner', field.text),
      reason: from.need('reason', field.reason),
      expires: from.need('expires', field.instant),
    }),
});
