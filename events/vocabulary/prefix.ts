import { isIPv6 } from 'node:net';
import { Netmask } from 'netmask';
import { formatIpv6, type Ipv6Words, isPlainIpv6, wordsOf } from './ip-address.js';

declare const prefixBrand: unique symbol;
/** An IPv6 prefix in canonical spelling, host bits zero: `2001:db8:16::/48`. */
export type Ipv6Prefix = string & { readonly [prefixBrand]: true };

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
