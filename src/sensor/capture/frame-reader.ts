import { readArp } from './arp-reader.js';
import {
  LINK_TYPE,
  LLC_CUT_SHORT,
  MAC_IN_MAC,
  MPLS,
  OTHER,
  PPPOE,
  RUNT,
  TAG_CUT_SHORT,
  TOO_MANY_TAGS,
} from './frame-aside.js';
import { byteAt, uint16At } from './frame-bytes.js';
import { type FrameFields, NOT_ARP_OR_ND } from './frame-fields.js';
import { readIpv6 } from './ipv6-reader.js';
import { COOKED_V1, COOKED_V2, ETHERNET, RAW_IP, RAW_IPV4, RAW_IPV6 } from './link-type.js';
import { tunnelInIpv4 } from './tunnels.js';

const ETHERNET_HEADER_BYTES = 14;
const COOKED_V1_BYTES = 16;
const COOKED_V2_BYTES = 20;
const COOKED_OUTGOING = 4;
const TAG_BYTES = 4;
const MOST_TAGS = 16;
/** An EtherType below this is the length of an IEEE 802.3 frame, which an LLC header follows. */
const FIRST_ETHER_TYPE = 0x0600;
const SNAP_BYTES = 8;
const ARP = 0x0806;
const RARP = 0x8035;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;

/**
 * Reads what the frame from `start` to before `end` says about addresses into `out`: true for ARP, RARP and ND
 * (ICMPv6 133 to 137), malformed ones included, false for any other, which `out.aside` names.
 * Allocates nothing, never throws, never reads outside, and takes no longer than the frame is long.
 * @param linkType LINKTYPE of the capture: Ethernet (1), Linux cooked (113, 276) and raw IP (101, 228, 229) are read
 */
export function readFrame(bytes: Uint8Array, start: number, end: number, linkType: number, out: FrameFields): boolean {
  out.clear(start, end);
  switch (linkType) {
    case ETHERNET:
      if (end - start < ETHERNET_HEADER_BYTES) return leftAside(out, RUNT);
      out.etherDestination = start;
      out.etherSource = start + 6;
      return readPayload(bytes, uint16At(bytes, start + 12), start + ETHERNET_HEADER_BYTES, out);
    case COOKED_V1:
      if (end - start < COOKED_V1_BYTES) return leftAside(out, RUNT);
      if (uint16At(bytes, start + 4) === 6) out.etherSource = start + 6;
      out.outgoing = uint16At(bytes, start) === COOKED_OUTGOING;
      return readPayload(bytes, uint16At(bytes, start + 14), start + COOKED_V1_BYTES, out);
    case COOKED_V2:
      if (end - start < COOKED_V2_BYTES) return leftAside(out, RUNT);
      if (byteAt(bytes, start + 11) === 6) out.etherSource = start + 12;
      out.outgoing = byteAt(bytes, start + 10) === COOKED_OUTGOING;
      return readPayload(bytes, uint16At(bytes, start), start + COOKED_V2_BYTES, out);
    case RAW_IP:
    case RAW_IPV4:
    case RAW_IPV6:
      if (end - start < 1) return leftAside(out, RUNT);
      return readPayload(bytes, byteAt(bytes, start) >>> 4 === 4 ? IPV4 : IPV6, start, out);
    default:
      return leftAside(out, LINK_TYPE);
  }
}

/** From the first EtherType on: tags, LLC/SNAP, then the message. */
function readPayload(bytes: Uint8Array, firstType: number, from: number, out: FrameFields): boolean {
  const { end } = out;
  let etherType = firstType;
  let at = from;
  // IEEE 802.1Q, 802.1ad, and the two types that switches used for outer tags before it.
  while (etherType === 0x8100 || etherType === 0x88a8 || etherType === 0x9100 || etherType === 0x9200) {
    if (end - at < TAG_BYTES) return leftAside(out, TAG_CUT_SHORT);
    if (out.tags === MOST_TAGS) return leftAside(out, TOO_MANY_TAGS);
    const vlan = uint16At(bytes, at) & 0xfff;
    if (out.tags === 0) {
      out.firstTag = at;
      out.outerTag = vlan;
    } else out.innerTag = vlan;
    out.tags++;
    etherType = uint16At(bytes, at + 2);
    at += TAG_BYTES;
  }
  if (etherType < FIRST_ETHER_TYPE) {
    if (end - at < SNAP_BYTES) return leftAside(out, end - at < 3 ? LLC_CUT_SHORT : OTHER);
    if (!isSnap(bytes, at)) return leftAside(out, OTHER);
    // The 802.3 length is not asked: bridges that turn SNAP into Ethernet do not either.
    etherType = uint16At(bytes, at + 6);
    at += SNAP_BYTES;
  }
  switch (etherType) {
    case ARP:
    case RARP:
      readArp(bytes, at, etherType === RARP, out);
      return true;
    case IPV6:
      readIpv6(bytes, at, out);
      return out.kind !== NOT_ARP_OR_ND;
    case IPV4:
      return leftAside(out, tunnelInIpv4(bytes, at, end));
    case 0x8847:
    case 0x8848:
      return leftAside(out, MPLS);
    case 0x8863:
    case 0x8864:
      return leftAside(out, PPPOE);
    case 0x88e7:
      return leftAside(out, MAC_IN_MAC);
    default:
      return leftAside(out, OTHER);
  }
}

/** LLC aa-aa-03 with the organisation codes 00-00-00 (RFC 1042) or 00-00-f8 (IEEE 802.1H). */
function isSnap(bytes: Uint8Array, at: number): boolean {
  const organisation = byteAt(bytes, at + 5);
  return (
    uint16At(bytes, at) === 0xaaaa &&
    uint16At(bytes, at + 2) === 0x0300 &&
    byteAt(bytes, at + 4) === 0 &&
    (organisation === 0 || organisation === 0xf8)
  );
}

function leftAside(out: FrameFields, code: number): false {
  out.aside = code;
  return false;
}
