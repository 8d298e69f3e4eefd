declare const serverBrand: unique symbol;
declare const customerBrand: unique symbol;
declare const addOnBrand: unique symbol;
declare const orderBrand: unique symbol;
declare const poolBrand: unique symbol;
declare const switchBrand: unique symbol;
declare const portBrand: unique symbol;
declare const vlanBrand: unique symbol;
/** Billing's name for a server; opaque to us, never a person's name. */
export type ServerId = string & { readonly [serverBrand]: true };
/** Billing's name for a customer; opaque to us, never a person's name or address. */
export type CustomerId = string & { readonly [customerBrand]: true };
/** Billing's name for one add-on of a server. */
export type AddOnId = string & { readonly [addOnBrand]: true };
/** Billing's name for one order of a prefix for a server. */
export type OrderId = string & { readonly [orderBrand]: true };
/** An operator's name for a pool of addresses. */
export type PoolId = string & { readonly [poolBrand]: true };
/** A logical switch; configuration maps it to one or more devices. */
export type SwitchName = string & { readonly [switchBrand]: true };
/** `switch:interface`, the interface spelt as billing spells it: `leaf1:Ethernet16`. */
export type PortId = string & { readonly [portBrand]: true };
/** An 802.1Q VLAN id, 1 to 4094. */
export type Vlan = number & { readonly [vlanBrand]: true };

/** An opaque id: a letter or digit, then up to 63 letters, digits, dots, underscores, colons and hyphens. */
const parseId = (text: unknown): string | undefined =>
  typeof text === 'string' && isName(text, 0, text.length, 64, idFirst, idRest) ? text : undefined;

export const parseServerId = (text: unknown): ServerId | undefined => parseId(text) as ServerId | undefined;
export const parseCustomerId = (text: unknown): CustomerId | undefined => parseId(text) as CustomerId | undefined;
export const parseAddOnId = (text: unknown): AddOnId | undefined => parseId(text) as AddOnId | undefined;
export const parseOrderId = (text: unknown): OrderId | undefined => parseId(text) as OrderId | undefined;
export const parsePoolId = (text: unknown): PoolId | undefined => parseId(text) as PoolId | undefined;
export const parseSwitchName = (text: unknown): SwitchName | undefined =>
  typeof text === 'string' && isSwitch(text, text.length) ? (text as SwitchName) : undefined;

/** A switch name, then the interface; the first colon parts them, for a switch name has none. */
export function parsePort(text: unknown): PortId | undefined {
  if (typeof text !== 'string') return undefined;
  const colon = text.indexOf(':');
  const isPort = isSwitch(text, colon) && isName(text, colon + 1, text.length, 63, idFirst, interfaceRest);
  return isPort ? (text as PortId) : undefined;
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

// Names are told by a table of characters and not by a regular expression: a replay reads three of them an event.
const [idFirst, idRest, interfaceRest, switchFirst, switchRest] = [1, 2, 4, 8, 16];
const roles = rolesOfCharacters();

function isSwitch(text: string, end: number): boolean {
  return isName(text, 0, end, 63, switchFirst, switchRest);
}

/** True when the part of the text is 1 to `most` characters, the first and the others each in their role. */
function isName(text: string, start: number, end: number, most: number, first: number, rest: number): boolean {
  if (end <= start || end - start > most || !hasRole(text, start, first)) return false;
  for (let index = start + 1; index < end; index++) if (!hasRole(text, index, rest)) return false;
  return true;
}

function hasRole(text: string, index: number, role: number): boolean {
  const code = text.charCodeAt(index);
  return code < 128 && ((roles[code] ?? 0) & role) !== 0;
}

function rolesOfCharacters(): Uint8Array {
  const table = new Uint8Array(128);
  const grant = (characters: string, ...granted: number[]): void => {
    for (const character of characters)
      for (const role of granted) table[character.charCodeAt(0)] = (table[character.charCodeAt(0)] ?? 0) | role;
  };
  grant('abcdefghijklmnopqrstuvwxyz0123456789', idFirst, idRest, interfaceRest, switchFirst, switchRest);
  grant('ABCDEFGHIJKLMNOPQRSTUVWXYZ', idFirst, idRest, interfaceRest);
  grant('._-', idRest, interfaceRest, switchRest);
  grant(':', idRest, interfaceRest);
  grant('/', interfaceRest);
  return table;
}
