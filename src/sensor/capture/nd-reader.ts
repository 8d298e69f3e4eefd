import { byteAt, uint16At } from './frame-bytes.js';
import { CHECKSUM_BAD, CHECKSUM_GOOD, type FrameFields, MALFORMED } from './frame-fields.js';
import {
  CHECKSUM,
  CODE,
  FRAGMENTED,
  HOP_LIMIT,
  LINK_LAYER_OPTION_LENGTH,
  ND_CUT_SHORT,
  ND_TOO_SHORT,
  OPTION_OF_LENGTH_0,
  OPTION_OVERRUN,
} from './frame-problem.js';
import { icmpv6Checksum } from './icmpv6-checksum.js';

const FIRST_TYPE = 133;
const LAST_TYPE = 137;
/** Kind code of ICMPv6 type 133 is 4, and so on. */
const TYPE_TO_KIND = 129;
const TARGET_OFFSET = 8;
const SOURCE_LINK_LAYER = 1;
const TARGET_LINK_LAYER = 2;
/** By ICMPv6 type from 133 on: bytes before the options (RFC 4861 sections 4.1 to 4.5). */
const fixedBytes = Uint8Array.of(8, 16, 24, 24, 40);

export const isNdType = (type: number): boolean => type >= FIRST_TYPE && type <= LAST_TYPE;

/**
 * Reads an ND message (RFC 4861) from `icmp` on; `payloadEnd` is where the IPv6 header says that the packet ends.
 * @param fragmented a fragment header stands before it
 * @param verifiable false where the checksum is made over a destination that is not the header's (routing header)
 */
export function readNd(
  bytes: Uint8Array,
  icmp: number,
  payloadEnd: number,
  fragmented: boolean,
  verifiable: boolean,
  out: FrameFields,
): void {
  const type = byteAt(bytes, icmp);
  const fixed = fixedBytes[type - FIRST_TYPE] ?? 0;
  const readable = Math.min(out.end, payloadEnd);
  const there = readable - icmp;
  out.icmp = icmp;
  out.messageEnd = readable;
  out.kind = type - TYPE_TO_KIND;
  if (type >= 135 && there >= TARGET_OFFSET + 16) out.target = icmp + TARGET_OFFSET;
  if (there >= fixed) {
    out.options = icmp + fixed;
    readOptions(bytes, icmp + fixed, readable, type >= 136 ? TARGET_LINK_LAYER : SOURCE_LINK_LAYER, out);
  }
  if (fragmented) return out.fault(FRAGMENTED, 0, 0);
  if (payloadEnd > out.end) out.fault(ND_CUT_SHORT, out.end - icmp, payloadEnd - icmp);
  else if (there < fixed) out.fault(ND_TOO_SHORT, there, fixed);
  if (there >= 4 && payloadEnd <= out.end && verifiable) verify(bytes, icmp, payloadEnd, out);
  if (out.problem !== 0 && out.problem !== CHECKSUM) {
    out.kind = MALFORMED;
    return;
  }
  // RFC 4861 sections 6.1, 7.1 and 8.1: a message with another hop limit was forwarded, so it is nobody on this link.
  if (out.hopLimit !== 255) out.fault(HOP_LIMIT, out.hopLimit, 255);
  else if (byteAt(bytes, icmp + 1) !== 0) out.fault(CODE, byteAt(bytes, icmp + 1), 0);
}

function verify(bytes: Uint8Array, icmp: number, end: number, out: FrameFields): void {
  const right = icmpv6Checksum(bytes, out.sender, icmp, end);
  const found = uint16At(bytes, icmp + 2);
  // Two spellings of zero in one's complement; neither is refused by hosts.
  const good = found === right || (found === 0xffff && right === 0);
  out.checksum = good ? CHECKSUM_GOOD : CHECKSUM_BAD;
  if (!good && out.problem === 0) out.fault(CHECKSUM, found, right);
}

/** Keeps the first link-layer option of the wanted type, as hosts do. Every option is walked: one bad one voids the message. */
function readOptions(bytes: Uint8Array, from: number, end: number, wanted: number, out: FrameFields): void {
  for (let at = from; at < end;) {
    const length = at + 1 < end ? byteAt(bytes, at + 1) * 8 : 1;
    if (length === 0) return out.fault(OPTION_OF_LENGTH_0, 0, 8);
    if (at + length > end || length === 1) return out.fault(OPTION_OVERRUN, length, end - at);
    if (byteAt(bytes, at) === wanted && out.claimMac < 0) {
      // RFC 2464 section 6: on Ethernet this option has 8 bytes; hosts drop the message otherwise.
      if (length !== 8) return out.fault(LINK_LAYER_OPTION_LENGTH, length, 8);
      out.claimMac = at + 2;
    }
    at += length;
  }
}
