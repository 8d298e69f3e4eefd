import { compact, defineEvent } from '../contract.js';
import { field, Is, ListOf, Optional } from '../vocabulary/fields.js';
import type { SwitchName, Vlan } from '../vocabulary/identity.js';
import type { IpAddress } from '../vocabulary/ip-address.js';
import type { MacAddress } from '../vocabulary/mac-address.js';

/** As many as there are VLAN ids. */
const mostVlans = 4094;

/**
 * This is the gateway of these VLANs (all VLANs of the switch when absent), with every address and MAC it may speak with.
 * Published by an operator; several MACs for VRRP, anycast or MLAG.
 * Replaces the declaration before it; does not configure the gateway.
 */
export class GatewayDeclared {
  @Is(field.switchName) readonly switch!: SwitchName;
  @Optional() @ListOf(field.vlan, mostVlans) readonly vlans?: readonly Vlan[];
  @ListOf(field.gatewayAddress) readonly addresses!: readonly IpAddress[];
  @ListOf(field.mac) readonly macs!: readonly MacAddress[];
}

export const gatewayDeclared = defineEvent({
  type: 'GatewayDeclared',
  scope: 'operator',
  version: 1,
  dataClass: GatewayDeclared,
  stream: (data) => `gateway-${data.switch}`,
  read: (from): GatewayDeclared =>
    compact({
      switch: from.need('switch', field.switchName),
      vlans: from.maybeList('vlans', field.vlan, mostVlans),
      addresses: from.list('addresses', field.gatewayAddress),
      macs: from.list('macs', field.mac),
    }),
});
