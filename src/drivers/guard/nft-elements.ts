import {
  formatIpv6,
  type Ipv4Address,
  type Ipv6Address,
  type Ipv6Prefix,
  macBytes,
  type MacAddress,
  parseIpv4,
  parseIpv6,
  parseIpv6Prefix,
  parseMac,
  prefixBits,
  wordsOf,
} from '../../../events/index.js';
import type { PortGuard } from './guard.port.js';
import type { GrantSet } from './nft-rules.js';

const interfaceShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/;

/** A name the kernel can have given an interface, and that means nothing else to nft. */
export function isInterfaceName(name: string): boolean {
  return interfaceShape.test(name);
}

/** One element of one of our sets. */
export interface Element {
  readonly set: GrantSet;
  /** As nft takes it. */
  readonly text: string;
}

/** Everything that stands in our sets for a port. Throws a TypeError where a value is not what its type says. */
export function elementsOf(port: PortGuard): Element[] {
  const name = quoted(port.interface);
  const pairs = (set: GrantSet, texts: readonly string[]): Element[] =>
    texts.map((text) => ({ set, text: `${name} . ${text}` }));
  return [
    ...pairs('bound_mac', port.macs.map(renderMac)),
    ...pairs('sold_ip4', port.ipv4.map(renderIpv4)),
    ...pairs('sold_ip6', port.prefixes.map(renderPrefix)),
    ...pairs('gateway_mac', port.gatewayMacs.map(renderMac)),
    ...pairs('gateway_ip4', port.gatewayIpv4.map(renderIpv4)),
    ...pairs('gateway_ip6', port.gatewayIpv6.map(renderIpv6)),
    ...pairs('gateway_target', port.gatewayIpv6.map(renderBits)),
    ...(port.closed ? [{ set: 'closed', text: name } as const] : []),
    ...(port.mode === 'drop' ? [{ set: 'dropping', text: name } as const] : []),
  ];
}

/** An interface as nft takes it. */
export function quoted(name: string): string {
  if (!isInterfaceName(name)) throw notCanonical('interface', name);
  return `"${name}"`;
}

export function renderMac(mac: MacAddress): string {
  if (parseMac(mac) !== mac) throw notCanonical('MAC', mac);
  return macBytes(mac).map(hexByte).join(':');
}

export function renderIpv4(address: Ipv4Address): string {
  if (parseIpv4(address) === undefined) throw notCanonical('IPv4 address', address);
  return address.split('.').map(Number).join('.');
}

export function renderIpv6(address: Ipv6Address): string {
  if (parseIpv6(address) !== address) throw notCanonical('IPv6 address', address);
  return formatIpv6(wordsOf(address));
}

export function renderPrefix(prefix: Ipv6Prefix): string {
  if (parseIpv6Prefix(prefix) !== prefix) throw notCanonical('IPv6 prefix', prefix);
  const { words, length } = prefixBits(prefix);
  return `${formatIpv6(words)}/${length}`;
}

/** The 128 bits as one number. */
export function renderBits(address: Ipv6Address): string {
  if (parseIpv6(address) !== address) throw notCanonical('IPv6 address', address);
  const digits = wordsOf(address).map((word) => word.toString(16).padStart(8, '0'));
  return `0x${digits.join('')}`;
}

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');

function notCanonical(what: string, value: string): TypeError {
  return new TypeError(`not a canonical ${what}: ${JSON.stringify(value).slice(0, 80)}`);
}
