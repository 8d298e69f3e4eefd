declare const serverBrand: unique symbol;
declare const customerBrand: unique symbol;
declare const addOnBrand: unique symbol;
declare const switchBrand: unique symbol;
declare const portBrand: unique symbol;
declare const vlanBrand: unique symbol;
/** Billing's name for a server; opaque to us, never a person's name. */
export type ServerId = string & { readonly [serverBrand]: true };
/** Billing's name for a customer; opaque to us, never a person's name or address. */
export type CustomerId = string & { readonly [customerBrand]: true };
/** Billing's name for one add-on of a server. */
export type AddOnId = string & { readonly [addOnBrand]: true };
/** A logical switch; configuration maps it to one or more devices. */
export type SwitchName = string & { readonly [switchBrand]: true };
/** `switch:interface`, the interface spelt as billing spells it: `leaf1:Ethernet16`. */
export type PortId = string & { readonly [portBrand]: true };
/** An 802.1Q VLAN id, 1 to 4094. */
export type Vlan = number & { readonly [vlanBrand]: true };

const opaqueId = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;
const switchName = /^[a-z0-9][a-z0-9._-]{0,62}$/;
// A switch name as above, then the interface; the first colon parts them, for a switch name has none.
const portName = /^[a-z0-9][a-z0-9._-]{0,62}:[A-Za-z0-9][A-Za-z0-9/._:-]{0,62}$/;

const matching = (pattern: RegExp, text: unknown): string | undefined =>
  typeof text === 'string' && pattern.test(text) ? text : undefined;

export const parseServerId = (text: unknown): ServerId | undefined => matching(opaqueId, text) as ServerId | undefined;
export const parseCustomerId = (text: unknown): CustomerId | undefined =>
  matching(opaqueId, text) as CustomerId | undefined;
export const parseAddOnId = (text: unknown): AddOnId | undefined => matching(opaqueId, text) as AddOnId | undefined;
export const parseSwitchName = (text: unknown): SwitchName | undefined =>
  matching(switchName, text) as SwitchName | undefined;

export function parsePort(text: unknown): PortId | undefined {
  return matching(portName, text) as PortId | undefined;
}

export function parseVlan(value: unknown): Vlan | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 4094
    ? (value as Vlan)
    : undefined;
}

/** The logical switch a port belongs to. */
export function switchOf(port: PortId): SwitchName {
  return port.slice(0, port.indexOf(':')) as SwitchName;
}

/** The interface part of a port, as billing spells it. */
export function interfaceOf(port: PortId): string {
  return port.slice(port.indexOf(':') + 1);
}
