import { type Ipv6Words, ipv4Number, parseAnyIpv6 } from '../../../events/index.js';

// What addresses are sorted and compared by: hexadecimal digits, so that what lies inside a prefix stands together.

export const hex8 = (bits: number): string => (bits >>> 0).toString(16).padStart(8, '0');

export const hexOfIpv4 = (address: string): string => hex8(ipv4Number(address));

export const hexOfWords = (words: Ipv6Words): string => words.map(hex8).join('');

export const hexOfMac = (mac: string): string =>
  mac.slice(0, 2) + mac.slice(3, 5) + mac.slice(6, 8) + mac.slice(9, 11) + mac.slice(12, 14) + mac.slice(15);

/** The bits of a prefix as digits, whole groups of 16. */
export function prefixDigits(words: Ipv6Words, length: number): string {
  return hexOfWords(words).slice(0, 4 * Math.ceil(length / 16));
}

/** The key of a prefix: what lies inside it stands behind it. */
export function prefixKey(words: Ipv6Words, length: number): string {
  return `${prefixDigits(masked(words, length), length)}/${String(length).padStart(3, '0')}`;
}

/** The first bits, the others zero. */
export function masked(words: Ipv6Words, length: number): Ipv6Words {
  const part = (index: number): number => ((words[index] ?? 0) & maskOf(index, length)) >>> 0;
  return [part(0), part(1), part(2), part(3)];
}

/** The first bits, the others one. */
export function filled(words: Ipv6Words, length: number): Ipv6Words {
  const part = (index: number): number => ((words[index] ?? 0) | ~maskOf(index, length)) >>> 0;
  return [part(0), part(1), part(2), part(3)];
}

function maskOf(index: number, length: number): number {
  const kept = Math.min(32, Math.max(0, length - index * 32));
  return kept === 0 ? 0 : (0xffffffff << (32 - kept)) >>> 0;
}

/** The spelling of a prefix's key. */
export function spellPrefix(key: string): string {
  const [digits = '', length = ''] = key.split('/');
  return `${spellDigits(digits)}/${Number(length)}`;
}

/** The RFC 5952 spelling of an address whose first digits these are. */
export function spellDigits(digits: string): string {
  const groups = digits.padEnd(32, '0').replace(/(.{4})(?=.)/g, '$1:');
  return parseAnyIpv6(groups) ?? groups;
}
