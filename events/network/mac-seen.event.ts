import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { PortId, Vlan } from '../vocabulary/identity.js';
import type { MacAddress } from '../vocabulary/mac-address.js';

/**
 * The judge saw this MAC on this port and VLAN for the first time since another one.
 * Written by our own sensor room once per change, never per frame. Grants nothing.
 */
export class MacSeen {
  @Is(field.port) readonly port!: PortId;
  @Is(field.vlan) readonly vlan!: Vlan;
  @Is(field.mac) readonly mac!: MacAddress;
}

export const macSeen = defineEvent({
  type: 'MacSeen',
  scope: 'own-rooms',
  version: 1,
  dataClass: MacSeen,
  stream: (data) => `port-${data.port}`,
  read: (from): MacSeen =>
    compact({
      port: from.need('port', field.port),
      vlan: from.need('vlan', field.vlan),
      mac: from.need('mac', field.mac),
    }),
});
