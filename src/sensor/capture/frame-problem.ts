import { byteAt, uint16At } from './frame-bytes.js';
import { type FrameFields, frameKinds, NOT_ARP_OR_ND } from './frame-fields.js';

/** Why hosts do not believe an ARP or ND frame, by code, in the order of the codes in FrameFields. */
export const problemNames = Object.freeze([
  'none',
  'arp-without-header',
  'arp-cut-short',
  'arp-foreign',
  'nd-cut-short',
  'nd-too-short',
  'option-of-length-0',
  'option-overrun',
  'link-layer-option-length',
  'fragmented',
  'hop-limit',
  'code',
  'checksum',
] as const);

export type ProblemName = (typeof problemNames)[number];

export const ARP_WITHOUT_HEADER = 1;
export const ARP_CUT_SHORT = 2;
export const ARP_FOREIGN = 3;
export const ND_CUT_SHORT = 4;
export const ND_TOO_SHORT = 5;
export const OPTION_OF_LENGTH_0 = 6;
export const OPTION_OVERRUN = 7;
export const LINK_LAYER_OPTION_LENGTH = 8;
export const FRAGMENTED = 9;
export const HOP_LIMIT = 10;
export const CODE = 11;
export const CHECKSUM = 12;

/** What is wrong with the frame that `fields` were read from, in words; undefined where nothing is. */
export function problemText(bytes: Uint8Array, fields: FrameFields): string | undefined {
  const { found, expected } = fields;
  switch (fields.problem) {
    case ARP_WITHOUT_HEADER:
      return `ARP of ${found} bytes, expected ${expected} or more`;
    case ARP_CUT_SHORT:
      return `ARP of ${found} bytes, its lengths ask for ${expected}`;
    case ARP_FOREIGN:
      return foreignArp(bytes, fields.network);
    case ND_CUT_SHORT:
      return `${ndName(bytes, fields)} cut short: ${found} of ${expected} bytes there`;
    case ND_TOO_SHORT:
      return `${ndName(bytes, fields)} of ${found} bytes, expected ${expected} or more`;
    case OPTION_OF_LENGTH_0:
      return 'option of length 0 (RFC 4861 section 4.6)';
    case OPTION_OVERRUN:
      return `option of ${found} bytes with ${expected} bytes left`;
    case LINK_LAYER_OPTION_LENGTH:
      return `link-layer option of ${found} bytes, expected ${expected}`;
    case FRAGMENTED:
      return 'behind a fragment header, which hosts ignore (RFC 6980 section 5)';
    case HOP_LIMIT:
      return `hop limit ${found}, expected 255 (RFC 4861 section 7.1)`;
    case CODE:
      return `ICMPv6 code ${found}, expected 0 (RFC 4861 section 7.1)`;
    case CHECKSUM:
      return `ICMPv6 checksum ${hex(found)}, expected ${hex(expected)} (RFC 4861 section 7.1)`;
    default:
      return undefined;
  }
}

function foreignArp(bytes: Uint8Array, at: number): string {
  const hardware = `hardware type ${uint16At(bytes, at)} length ${byteAt(bytes, at + 4)}`;
  const protocol = `protocol ${hex(uint16At(bytes, at + 2))} length ${byteAt(bytes, at + 5)}`;
  return `ARP for ${hardware}, ${protocol}, expected Ethernet and IPv4`;
}

/** A malformed frame lost its kind: the ICMPv6 type still says what it was meant to be. */
function ndName(bytes: Uint8Array, fields: FrameFields): string {
  const code = fields.icmp < 0 ? NOT_ARP_OR_ND : byteAt(bytes, fields.icmp) - 129;
  return frameKinds[code - 1] ?? 'ND';
}

const hex = (value: number): string => `0x${value.toString(16)}`;
