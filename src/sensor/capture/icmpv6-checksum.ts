import { byteAt, uint16At } from './frame-bytes.js';

const ICMPV6 = 58;

/**
 * The checksum that the ICMPv6 message from `icmp` to before `end` ought to carry (RFC 4443 section 2.3), its own field
 * taken as zero.
 * @param addresses where the 32 bytes of the IPv6 source and destination are
 */
export function icmpv6Checksum(bytes: Uint8Array, addresses: number, icmp: number, end: number): number {
  const length = end - icmp;
  // The pseudo-header of RFC 8200 section 8.1; a double holds the sum of any frame.
  let sum = (length >>> 16) + (length & 0xffff) + ICMPV6;
  for (let at = addresses; at < addresses + 32; at += 2) sum += uint16At(bytes, at);
  const last = icmp + (length & ~1);
  for (let at = icmp; at < last; at += 2) sum += uint16At(bytes, at);
  if (last < end) sum += byteAt(bytes, last) << 8;
  sum -= uint16At(bytes, icmp + 2);
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}
