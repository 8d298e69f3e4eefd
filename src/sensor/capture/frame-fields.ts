import type { FrameKind } from '../../../projections/index.js';

/** Kind codes of FrameFields: 0 is a frame that is neither ARP nor ND, 1 to 8 are `frameKinds`, 9 is malformed. */
export const NOT_ARP_OR_ND = 0;
export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;
export const ARP_OTHER = 3;
export const ROUTER_SOLICITATION = 4;
export const ROUTER_ADVERTISEMENT = 5;
export const NEIGHBOUR_SOLICITATION = 6;
export const NEIGHBOUR_ADVERTISEMENT = 7;
export const REDIRECT = 8;
export const MALFORMED = 9;

/** The names of the kind codes 1 to 8: `frameKinds[code - 1]`. */
export const frameKinds: readonly FrameKind[] = Object.freeze([
  'arp-request',
  'arp-reply',
  'arp-other',
  'router-solicitation',
  'router-advertisement',
  'neighbour-solicitation',
  'neighbour-advertisement',
  'redirect',
]);

/** Checksum codes of FrameFields. */
export const CHECKSUM_UNKNOWN = 0;
export const CHECKSUM_GOOD = 1;
export const CHECKSUM_BAD = 2;

/**
 * Where in its buffer an ARP or ND frame says what: numbers only, filled in place by `readFrame`, so that a flood
 * costs no memory. Offsets count from the start of the buffer and are -1 where the frame carries no such field; an
 * offset that is not -1 has all the bytes of its field before `end`.
 */
export class FrameFields {
  /** A kind code; what a malformed frame said before it went wrong is there all the same. */
  kind = NOT_ARP_OR_ND;
  /** Why a frame is neither ARP nor ND, a code of frame-aside.ts; 0 where it is one. */
  aside = 0;
  /** Why no host believes the frame, a code of frame-problem.ts; 0 where nothing is wrong. Never 0 for a malformed one. */
  problem = 0;
  /** What was found and what was expected, for the words of the problem. */
  found = 0;
  expected = 0;
  /** The frame's bounds in the buffer. */
  start = 0;
  end = 0;
  /** True where the capture itself says that this box sent the frame (cooked captures, flags of pcapng). */
  outgoing = false;
  /** Six bytes each. Cooked captures have no destination, raw IP has neither. */
  etherDestination = -1;
  etherSource = -1;
  /** How many VLAN tags, and where the first one's two bytes of control information are; the next ones follow every 4 bytes. */
  tags = 0;
  firstTag = -1;
  /** VLAN id of the first tag and of the last one where there are several, 0 for a priority tag; -1 without. */
  outerTag = -1;
  innerTag = -1;
  /** The ARP message or the IPv6 header. */
  network = -1;
  /** The ICMPv6 message. */
  icmp = -1;
  /** Where the options of an ND message begin, and where the message ends as far as it is there. */
  options = -1;
  messageEnd = -1;
  /** The MAC claimed: ARP sender hardware address, or ND link-layer option (source in RS, RA, NS; target in NA, redirect). */
  claimMac = -1;
  /** ARP target hardware address. */
  targetMac = -1;
  /** ARP sender protocol address or IPv6 source; `addressBytes` long. */
  sender = -1;
  /** ARP target protocol address or the target of NS, NA and redirect; `addressBytes` long. */
  target = -1;
  /** IPv6 destination. */
  destination = -1;
  /** 4 or 16; 0 where nothing was read. */
  addressBytes = 0;
  /** ARP operation; -1 without. */
  opcode = -1;
  /** IPv6 hop limit; -1 without. */
  hopLimit = -1;
  /** A checksum code: of the ICMPv6 message. */
  checksum = CHECKSUM_UNKNOWN;

  /** Forgets the frame before: only the bounds are known. */
  clear(start: number, end: number): void {
    this.kind = NOT_ARP_OR_ND;
    this.aside = 0;
    this.problem = 0;
    this.found = 0;
    this.expected = 0;
    this.start = start;
    this.end = end;
    this.outgoing = false;
    this.etherDestination = -1;
    this.etherSource = -1;
    this.tags = 0;
    this.firstTag = -1;
    this.outerTag = -1;
    this.innerTag = -1;
    this.network = -1;
    this.icmp = -1;
    this.options = -1;
    this.messageEnd = -1;
    this.claimMac = -1;
    this.targetMac = -1;
    this.sender = -1;
    this.target = -1;
    this.destination = -1;
    this.addressBytes = 0;
    this.opcode = -1;
    this.hopLimit = -1;
    this.checksum = CHECKSUM_UNKNOWN;
  }

  /** Something is wrong with the frame. */
  fault(code: number, found: number, expected: number): void {
    this.problem = code;
    this.found = found;
    this.expected = expected;
  }
}
