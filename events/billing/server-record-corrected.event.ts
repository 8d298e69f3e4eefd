import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';
import type { PortId, ServerId, Vlan } from '../vocabulary/identity.js';
import type { Ipv6Address } from '../vocabulary/ip-address.js';
import type { MacAddress } from '../vocabulary/mac-address.js';

/**
 * Billing's record was wrong; these are the right values. Published by billing.
 * The event's `time` says since when they were true, so a later fact still wins.
 * Does not mean that anything in the rack changed.
 */
export class ServerRecordCorrected {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Optional() @Is(field.port) readonly port?: PortId;
  @Optional() @Is(field.vlan) readonly vlan?: Vlan;
  @Optional() @Is(field.mac) readonly mac?: MacAddress;
  @Optional() @Is(field.linkLocal) readonly linkLocal?: Ipv6Address;
  @Is(field.reason) readonly reason!: string;
}

export const serverRecordCorrected = defineEvent({
  type: 'ServerRecordCorrected',
  scope: 'publisher',
  version: 1,
  dataClass: ServerRecordCorrected,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ServerRecordCorrected =>
    compact({
      serverId: from.need('serverId', field.serverId),
      port: from.maybe('port', field.port),
      vlan: from.maybe('vlan', field.vlan),
      mac: from.maybe('mac', field.mac),
      linkLocal: from.maybe('linkLocal', field.linkLocal),
      reason: from.need('reason', field.reason),
    }),
});
