import { formatIpv6 } from '../../events/index.js';

// Indexing instead of DataView or subarray: these run for every frame of a flood. Callers check the bounds.
const hex = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

export const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

export const uint16At = (bytes: Uint8Array, at: number): number => (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);

const uint32At = (bytes: Uint8Array, at: number): number =>
  ((uint16At(bytes, at) << 16) | uint16At(bytes, at + 2)) >>> 0;

const hexAt = (bytes: Uint8Array, at: number): string => hex[byteAt(bytes, at)] ?? '';

/** Six bytes as a MAC in its one spelling; group addresses and zero included. */
export function macAt(bytes: Uint8Array, at: number): string {
  const left = `${hexAt(bytes, at)}:${hexAt(bytes, at + 1)}:${hexAt(bytes, at + 2)}`;
  return `${left}:${hexAt(bytes, at + 3)}:${hexAt(bytes, at + 4)}:${hexAt(bytes, at + 5)}`;
}

/** Four bytes in dotted decimal. */
export function ipv4At(bytes: Uint8Array, at: number): string {
  return `${byteAt(bytes, at)}.${byteAt(bytes, at + 1)}.${byteAt(bytes, at + 2)}.${byteAt(bytes, at + 3)}`;
}

/** Sixteen bytes in the spelling of RFC 5952. */
export function ipv6At(bytes: Uint8Array, at: number): string {
  return formatIpv6([uint32At(bytes, at), uint32At(bytes, at + 4), uint32At(bytes, at + 8), uint32At(bytes, at + 12)]);
}
