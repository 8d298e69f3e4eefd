import { isIPv6 } from 'node:net';
import { Netmask } from 'netmask';
import { formatIpv6, type Ipv6Words, wordsOf } from './ip-address.js';

declare const prefixBrand: unique symbol;
/** An IPv6 prefix in canonical spelling, host bits zero: `2001:db8:16::/48`. */
export type Ipv6Prefix = string & { readonly [prefixBrand]: true };

const shape = /^([0-9A-Fa-f:.]{2,45})\/(0|[1-9][0-9]{0,2})$/;

/**
 * Reads a prefix that can be sold: inside 2000::/3 (global unicast) or fc00::/7 (unique local), no host bits.
 * netmask alone would take octal and short spellings, so `node:net` looks first.
 */
export function parseIpv6Prefix(text: unknown): Ipv6Prefix | undefined {
  if (typeof text !== 'string') return undefined;
  const [, address, bits] = shape.exec(text) ?? [];
  if (address === undefined || bits === undefined || !isIPv6(address)) return undefined;
  const length = Number(bits);
  const words = wordsOf(address);
  const shortest = shortestSold(words);
  if (shortest === undefined || length < shortest || length > 128 || hasHostBits(words, length)) return undefined;
  return `${formatIpv6(words)}/${length}` as Ipv6Prefix;
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
  return words.some((word, index) => {
    const kept = Math.min(32, Math.max(0, length - index * 32));
    return kept < 32 && (word & (0xffffffff >>> kept)) !== 0;
  });
}
