import { formatIpv6 } from '../../../events/index.js';

// Indexing instead of DataView or subarray: these run for every frame of a flood. Callers check the bounds.
const digits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const COLON = 58;

export const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

export const uint16At = (bytes: Uint8Array, at: number): number => (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);

export const uint32At = (bytes: Uint8Array, at: number): number =>
  ((uint16At(bytes, at) << 16) | uint16At(bytes, at + 2)) >>> 0;

const high = (byte: number): number => digits[byte >>> 4] ?? 0;
const low = (byte: number): number => digits[byte & 15] ?? 0;

/** Six bytes as a MAC in its one spelling; group addresses and zero included. */
export function macAt(bytes: Uint8Array, at: number): string {
  const a = byteAt(bytes, at);
  const b = byteAt(bytes, at + 1);
  const c = byteAt(bytes, at + 2);
  const d = byteAt(bytes, at + 3);
  const e = byteAt(bytes, at + 4);
  const f = byteAt(bytes, at + 5);
  // One flat string at once: joining pieces takes twice as long, and again when the string is looked up.
  // prettier-ignore
  return String.fromCharCode(
    high(a), low(a), COLON, high(b), low(b), COLON, high(c), low(c), COLON,
    high(d), low(d), COLON, high(e), low(e), COLON, high(f), low(f),
  );
}

/** Four bytes in dotted decimal. */
export function ipv4At(bytes: Uint8Array, at: number): string {
  return `${byteAt(bytes, at)}.${byteAt(bytes, at + 1)}.${byteAt(bytes, at + 2)}.${byteAt(bytes, at + 3)}`;
}

/** Sixteen bytes in the spelling of RFC 5952. */
export function ipv6At(bytes: Uint8Array, at: number): string {
  return formatIpv6([uint32At(bytes, at), uint32At(bytes, at + 4), uint32At(bytes, at + 8), uint32At(bytes, at + 12)]);
}
