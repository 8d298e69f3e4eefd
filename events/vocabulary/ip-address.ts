import { isIPv6 } from 'node:net';
import { type MacAddress, macBytes } from './mac-address.js';

declare const ipv4Brand: unique symbol;
declare const ipv6Brand: unique symbol;
/** An IPv4 address in dotted decimal without leading zeros. */
export type Ipv4Address = string & { readonly [ipv4Brand]: true };
/** An IPv6 address in the one spelling of RFC 5952, without a zone. */
export type Ipv6Address = string & { readonly [ipv6Brand]: true };
export type IpAddress = Ipv4Address | Ipv6Address;
/** The 128 bits of an IPv6 address as four unsigned 32-bit numbers, most significant first. */
export type Ipv6Words = readonly [number, number, number, number];

/** Reads strict dotted decimal: no octal, hexadecimal or short forms. */
export function parseIpv4(text: unknown): Ipv4Address | undefined {
  return typeof text === 'string' && isDottedDecimal(text) ? (text as Ipv4Address) : undefined;
}

/** Reads an IPv6 address; zone ids and IPv4-mapped addresses (RFC 4291 section 2.5.5.2) are refused. */
export function parseIpv6(text: unknown): Ipv6Address | undefined {
  const address = parseAnyIpv6(text);
  return address?.startsWith('::ffff:') && isIpv4Mapped(wordsOf(address)) ? undefined : address;
}

/** The canonical spelling of any IPv6 address without a zone, IPv4-mapped included: what a frame may carry, not what may be sold. */
export function parseAnyIpv6(text: unknown): Ipv6Address | undefined {
  if (typeof text !== 'string') return undefined;
  if (!isPlainIpv6(text) && (text.includes('%') || !isIPv6(text))) return undefined;
  return formatIpv6(wordsOf(text));
}

/** True for eight groups of hexadecimal digits, or fewer around one `::`: what nearly every text is, told at one look. */
export function isPlainIpv6(text: string): boolean {
  let groups = 0;
  let digits = 0;
  let gaps = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === colon) {
      const isGap = text.charCodeAt(index + 1) === colon;
      if (digits === 0 && !(isGap && index === 0)) return false;
      if (isGap) {
        gaps++;
        index++;
      } else if (index + 1 === text.length) return false;
      digits = 0;
    } else {
      if (!isHexDigit(code) || ++digits > 4) return false;
      if (digits === 1) groups++;
    }
  }
  return gaps === 0 ? groups === 8 : gaps === 1 && groups <= 7;
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
}

/** Four numbers up to 255 without leading zeros, told without a regular expression. */
function isDottedDecimal(text: string): boolean {
  let dots = 0;
  let digits = 0;
  let octet = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === dot) {
      if (digits === 0) return false;
      dots++;
      digits = 0;
      octet = 0;
    } else {
      if (code < 0x30 || code > 0x39 || (digits > 0 && octet === 0)) return false;
      octet = octet * 10 + code - 0x30;
      digits++;
      if (octet > 255) return false;
    }
  }
  return dots === 3 && digits > 0;
}

function isIpv4Mapped(words: Ipv6Words): boolean {
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}

export function parseIp(text: unknown): IpAddress | undefined {
  return parseIpv4(text) ?? parseIpv6(text);
}

/** An IPv4 address that one host can own: not zero-net, loopback, multicast, reserved or broadcast (RFC 6890). */
export function isHostIpv4(address: Ipv4Address): boolean {
  const first = ipv4Number(address) >>> 24;
  return first !== 0 && first !== 127 && first < 224;
}

/** An IPv6 address that one host can own: not unspecified, loopback or multicast (RFC 4291 section 2.4). */
export function isHostIpv6(address: Ipv6Address): boolean {
  return address !== '::' && address !== '::1' && wordsOf(address)[0] >>> 24 !== 0xff;
}

/** True for fe80::/64, the only part of fe80::/10 in use (RFC 4291 section 2.5.6). */
export function isLinkLocal(address: string): boolean {
  if (!address.startsWith('fe80:')) return false;
  const words = wordsOf(address);
  return words[0] === 0xfe800000 && words[1] === 0;
}

/** The modified EUI-64 link-local address of a MAC (RFC 4291 appendix A). */
export function linkLocalOf(mac: MacAddress): Ipv6Address {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = macBytes(mac);
  return formatIpv6([
    0xfe800000,
    0,
    (((a ^ 2) << 24) | (b << 16) | (c << 8) | 0xff) >>> 0,
    ((0xfe << 24) | (d << 16) | (e << 8) | f) >>> 0,
  ]);
}

/** The 32 bits of an IPv4 address as an unsigned number. */
export function ipv4Number(address: string): number {
  let bits = 0;
  let octet = 0;
  for (let index = 0; index < address.length; index++) {
    const code = address.charCodeAt(index);
    if (code === dot) {
      bits = (bits << 8) | octet;
      octet = 0;
    } else octet = octet * 10 + code - 0x30;
  }
  return ((bits << 8) | octet) >>> 0;
}

/** The dotted decimal of 32 bits. */
export function formatIpv4(bits: number): Ipv4Address {
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}` as Ipv4Address;
}

/** The words of a text that `isIPv6` accepts. */
export function wordsOf(text: string): Ipv6Words {
  const lastColon = text.lastIndexOf(':');
  const end = text.includes('.', lastColon) ? lastColon + 1 : text.length;
  // Groups left of "::" go to the front, those right of it to the back; read in one pass, as a replay reads many.
  let count = 0;
  let gap = -1;
  for (let index = 0; index < end; index++) {
    if (text.charCodeAt(index) === colon) {
      if (index > 0 && text.charCodeAt(index - 1) === colon) gap = count;
      continue;
    }
    let group = 0;
    for (; index < end && text.charCodeAt(index) !== colon; index++) group = group * 16 + hexDigit(text, index);
    groups[count++] = group;
    index--;
  }
  if (end < text.length) {
    const v4 = ipv4Number(text.slice(end));
    groups[count++] = v4 >>> 16;
    groups[count++] = v4 & 0xffff;
  }
  const shift = 8 - count;
  if (gap < 0) gap = count;
  return [word(0, gap, shift), word(2, gap, shift), word(4, gap, shift), word(6, gap, shift)];
}

/** The groups that `wordsOf` has read, in the order of the text. */
const groups = new Uint16Array(8);

function word(index: number, gap: number, shift: number): number {
  return ((groupAt(index, gap, shift) << 16) | groupAt(index + 1, gap, shift)) >>> 0;
}

function groupAt(index: number, gap: number, shift: number): number {
  if (index < gap) return groups[index] ?? 0;
  return index < gap + shift ? 0 : (groups[index - shift] ?? 0);
}

const [colon, dot] = [0x3a, 0x2e];

function hexDigit(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}

function groupOf(words: Ipv6Words, index: number): number {
  const word = words[index >>> 1] ?? 0;
  return index % 2 === 0 ? word >>> 16 : word & 0xffff;
}

/** The RFC 5952 spelling: lower case, no leading zeros, the longest run of two or more zero groups (the first of equals) shortened. */
export function formatIpv6(words: Ipv6Words): Ipv6Address {
  // On the hot path of sensor and replay: no intermediate lists.
  let bestStart = -1;
  let bestLength = 1;
  for (let start = 0; start < 8;) {
    let length = 0;
    while (start + length < 8 && groupOf(words, start + length) === 0) length++;
    if (length > bestLength) {
      bestStart = start;
      bestLength = length;
    }
    start += length + 1;
  }
  let text = '';
  for (let index = 0; index < 8;) {
    if (index === bestStart) {
      text += '::';
      index += bestLength;
      continue;
    }
    if (index > 0 && index !== bestStart + bestLength) text += ':';
    text += groupOf(words, index).toString(16);
    index++;
  }
  return text as Ipv6Address;
}
