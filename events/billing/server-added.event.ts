import { compact, defineEvent } from '../contract.js';
import { type Enrolment, field, Is, Optional } from '../vocabulary/fields.js';
import type { CustomerId, PortId, ServerId, Vlan } from '../vocabulary/identity.js';
import type { Ipv6Address } from '../vocabulary/ip-address.js';
import type { MacAddress } from '../vocabulary/mac-address.js';

/**
 * Billing sold a server. Stream `server-<serverId>`, published by billing.
 * Does not mean that the server is powered on, or that its link is up.
 * An absent MAC, link-local or enrolment says nothing about the one known before; without a removal this starts no new life.
 */
export class ServerAdded {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.customerId) readonly customerId!: CustomerId;
  @Is(field.port) readonly port!: PortId;
  @Is(field.vlan) readonly vlan!: Vlan;
  @Optional() @Is(field.mac) readonly mac?: MacAddress;
  /** The handle for the MAC in neighbour entries; EUI-64 of the MAC when absent. The server need not use it. */
  @Optional() @Is(field.linkLocal) readonly linkLocal?: Ipv6Address;
  /** `first-seen`: while billing names no MAC, the only one seen at the server's place is taken for its own. */
  @Optional() @Is(field.enrolment) readonly enrolment?: Enrolment;
}

export const serverAdded = defineEvent({
  type: 'ServerAdded',
  scope: 'publisher',
  version: 1,
  dataClass: ServerAdded,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ServerAdded =>
    compact({
      serverId: from.need('serverId', field.serverId),
      customerId: from.need('customerId', field.customerId),
      port: from.need('port', field.port),
      vlan: from.need('vlan', field.vlan),
      mac: from.maybe('mac', field.mac),
      linkLocal: from.maybe('linkLocal', field.linkLocal),
      enrolment: from.maybe('enrolment', field.enrolment),
    }),
});
