import { isIPv6 } from 'node:net';
import { Netmask } from 'netmask';
import { formatIpv6, ipv4Number, type Ipv6Words, isPlainIpv6, parseIpv4, wordsOf } from './ip-address.js';

declare const prefixBrand: unique symbol;
declare const ipv4PrefixBrand: unique symbol;
/** An IPv6 prefix in canonical spelling, host bits zero: `2001:db8:16::/48`. */
export type Ipv6Prefix = string & { readonly [prefixBrand]: true };

/** An IPv4 prefix in canonical spelling, host bits zero: `198.51.100.0/24`. Nobody is sold one: it only says where. */
export type Ipv4Prefix = string & { readonly [ipv4PrefixBrand]: true };
export type AnyPrefix = Ipv4Prefix | Ipv6Prefix;

/** Reads an IPv4 prefix without host bits, or an IPv6 prefix that can be sold. */
export function parseAnyPrefix(text: unknown): AnyPrefix | undefined {
  return parseIpv6Prefix(text) ?? parseIpv4Prefix(text);
}

/** Reads an IPv4 prefix without host bits. */
export function parseIpv4Prefix(text: unknown): Ipv4Prefix | undefined {
  if (typeof text !== 'string') return undefined;
  const slash = text.indexOf('/');
  const [address, length] = [parseIpv4(text.slice(0, Math.max(0, slash))), lengthFrom(text, slash + 1)];
  if (slash < 0 || address === undefined || length === undefined || length > 32) return undefined;
  const hostBits = 2 ** (32 - length);
  return ipv4Number(address) % hostBits === 0 ? (text as Ipv4Prefix) : undefined;
}

/** The first address of an IPv4 prefix as a number, and how many it has. */
export function ipv4Range(prefix: Ipv4Prefix): { readonly first: number; readonly size: number } {
  const slash = prefix.indexOf('/');
  return { first: ipv4Number(prefix.slice(0, slash)), size: 2 ** (32 - Number(prefix.slice(slash + 1))) };
}

/** Whether two IPv4 prefixes have an address in common. */
export function overlapsIpv4(one: Ipv4Prefix, other: Ipv4Prefix): boolean {
  const [a, b] = [ipv4Range(one), ipv4Range(other)];
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/** Whether all of a prefix is private (RFC 1918) or shared (RFC 6598) address space: it means nothing outside. */
export function isPrivateIpv4(prefix: Ipv4Prefix): boolean {
  const { first, size } = ipv4Range(prefix);
  return privateSpace.map(ipv4Range).some((space) => first >= space.first && first + size <= space.first + space.size);
}

const privateSpace = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'] as Ipv4Prefix[];

/** True when the address, IPv4 or IPv6, lies inside the prefix. */
export function anyPrefixContains(prefix: AnyPrefix, address: string): boolean {
  if (prefix.includes(':')) return prefixContains(prefix as Ipv6Prefix, address);
  const inside = parseIpv4(address);
  const [network, length] = prefix.split('/');
  const start = parseIpv4(network);
  if (inside === undefined || start === undefined) return false;
  const hostBits = 2 ** (32 - Number(length));
  return Math.floor(ipv4Number(inside) / hostBits) === Math.floor(ipv4Number(start) / hostBits);
}

/**
 * Reads a prefix that can be sold: inside 2000::/3 (global unicast) or fc00::/7 (unique local), no host bits.
 * netmask alone would take octal and short spellings, so `node:net` looks first.
 */
export function parseIpv6Prefix(text: unknown): Ipv6Prefix | undefined {
  if (typeof text !== 'string') return undefined;
  const slash = text.indexOf('/');
  const length = lengthFrom(text, slash + 1);
  if (slash < 0 || length === undefined) return undefined;
  const address = text.slice(0, slash);
  if (!isPlainIpv6(address) && (address.includes('%') || !isIPv6(address))) return undefined;
  const words = wordsOf(address);
  const shortest = shortestSold(words);
  if (shortest === undefined || length < shortest || length > 128 || hasHostBits(words, length)) return undefined;
  return formatPrefix(words, length);
}

/** The shortest and the longest prefix that /64s are handed out of: as many as one index of free ones covers. */
const [shortestDelegated, longestDelegated] = [36, 64];

/** Reads a prefix that /64s can be handed out of. */
export function parseDelegatedPrefix(text: unknown): Ipv6Prefix | undefined {
  const prefix = parseIpv6Prefix(text);
  if (prefix === undefined) return undefined;
  return delegatedLength(prefixBits(prefix).length) === undefined ? undefined : prefix;
}

/** Reads the length of a prefix that /64s can be handed out of. */
export function delegatedLength(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= shortestDelegated && value <= longestDelegated ? value : undefined;
}

/** What a customer gets where billing says no length. */
export const usualDelegatedLength = 48;

/** The canonical spelling of a prefix: its network bits, host bits zero, and its length. */
export function formatPrefix(words: Ipv6Words, length: number): Ipv6Prefix {
  return `${formatIpv6(words)}/${length}` as Ipv6Prefix;
}

/** The rest of the text as a number of one to three digits without leading zeros. */
function lengthFrom(text: string, start: number): number | undefined {
  const digits = text.length - start;
  if (digits < 1 || digits > 3 || (digits > 1 && text.charCodeAt(start) === 0x30)) return undefined;
  let length = 0;
  for (let index = start; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    length = length * 10 + digit;
  }
  return length;
}

/** The length of the block of sellable addresses that the words lie in (RFC 4291 section 2.4, RFC 4193 section 3.1). */
function shortestSold(words: Ipv6Words): number | undefined {
  if (words[0] >>> 29 === 1) return 3;
  return words[0] >>> 25 === 0x7e ? 7 : undefined;
}

/** True when the IPv6 address lies inside the prefix. */
export function prefixContains(prefix: Ipv6Prefix, address: string): boolean {
  return isIPv6(address) && new Netmask(prefix).contains(address);
}

/** The network bits and the length in bits of a canonical prefix. */
export function prefixBits(prefix: Ipv6Prefix): { words: Ipv6Words; length: number } {
  const slash = prefix.indexOf('/');
  return { words: wordsOf(prefix.slice(0, slash)), length: Number(prefix.slice(slash + 1)) };
}

function hasHostBits(words: Ipv6Words, length: number): boolean {
  for (let index = 0; index < 4; index++) {
    const kept = Math.min(32, Math.max(0, length - index * 32));
    if (kept < 32 && ((words[index] ?? 0) & (0xffffffff >>> kept)) !== 0) return true;
  }
  return false;
}
