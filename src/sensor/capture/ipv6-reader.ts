import { ENCRYPTED, EXTENSION_CUT_SHORT, IPV6_CUT_SHORT, IPV6_VERSION, LATER_FRAGMENT, OTHER } from './frame-aside.js';
import { byteAt, uint16At } from './frame-bytes.js';
import type { FrameFields } from './frame-fields.js';
import { isNdType, readNd } from './nd-reader.js';
import { tunnelOf } from './tunnels.js';

const HEADER_BYTES = 40;
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const ESP = 50;
const AUTHENTICATION = 51;
const ICMPV6 = 58;
const DESTINATION_OPTIONS = 60;

/**
 * Reads an IPv6 packet from `at` to before `out.end`, through its extension headers (RFC 8200 section 4), in any order
 * and number: hosts walk them all, and each moves on by 8 bytes or more. Only ND is kept.
 */
export function readIpv6(bytes: Uint8Array, at: number, out: FrameFields): void {
  const { end } = out;
  if (at >= end) return aside(out, IPV6_CUT_SHORT);
  if (byteAt(bytes, at) >>> 4 !== 6) return aside(out, IPV6_VERSION);
  if (end - at < HEADER_BYTES) return aside(out, IPV6_CUT_SHORT);
  const payloadEnd = at + HEADER_BYTES + uint16At(bytes, at + 4);
  const readable = Math.min(end, payloadEnd);
  let next = byteAt(bytes, at + 6);
  let header = at + HEADER_BYTES;
  let fragmented = false;
  let verifiable = true;
  while (next !== ICMPV6) {
    const isFragment = next === FRAGMENT;
    if (
      !isFragment &&
      next !== HOP_BY_HOP &&
      next !== ROUTING &&
      next !== DESTINATION_OPTIONS &&
      next !== AUTHENTICATION
    )
      return aside(out, next === ESP ? ENCRYPTED : tunnelOf(bytes, next, header, readable));
    if (readable - header < 8) return aside(out, header >= payloadEnd ? OTHER : EXTENSION_CUT_SHORT);
    const units = byteAt(bytes, header + 1);
    if (isFragment) {
      fragmented = true;
      if (uint16At(bytes, header + 2) >>> 3 !== 0) return aside(out, LATER_FRAGMENT);
    } else if (next === ROUTING && byteAt(bytes, header + 3) !== 0) verifiable = false;
    const length = isFragment ? 8 : next === AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
    next = byteAt(bytes, header);
    header += length;
    if (header > readable) return aside(out, EXTENSION_CUT_SHORT);
  }
  if (header >= readable || !isNdType(byteAt(bytes, header))) return aside(out, OTHER);
  out.network = at;
  out.addressBytes = 16;
  out.sender = at + 8;
  out.destination = at + 24;
  out.hopLimit = byteAt(bytes, at + 7);
  readNd(bytes, header, payloadEnd, fragmented, verifiable, out);
}

function aside(out: FrameFields, code: number): void {
  out.aside = code;
}
