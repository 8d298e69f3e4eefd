import { ArrayMaxSize, IsArray } from 'class-validator';
import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';
import type { SwitchName, Vlan } from '../vocabulary/identity.js';
import type { IpAddress } from '../vocabulary/ip-address.js';
import type { MacAddress } from '../vocabulary/mac-address.js';

/**
 * This is the gateway of these VLANs (all VLANs of the switch when absent), with every address and MAC it may speak with.
 * Published by an operator; several MACs for VRRP, anycast or MLAG.
 * Replaces the declaration before it; does not configure the gateway.
 */
export class GatewayDeclared {
  @Is(field.switchName) readonly switch!: SwitchName;
  @Optional() @IsArray() @ArrayMaxSize(500) @Is(field.vlan, { each: true }) readonly vlans?: readonly Vlan[];
  @IsArray() @ArrayMaxSize(500) @Is(field.gatewayAddress, { each: true }) readonly addresses!: readonly IpAddress[];
  @IsArray() @ArrayMaxSize(500) @Is(field.mac, { each: true }) readonly macs!: readonly MacAddress[];
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
      vlans: from.maybeList('vlans', field.vlan),
      addresses: from.list('addresses', field.gatewayAddress),
      macs: from.list('macs', field.mac),
    }),
});
