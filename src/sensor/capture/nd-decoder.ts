import type { FrameKind } from '../../../projections/index.js';
import type { Message } from './decoded-frame.js';
import { byteAt, ipv6At, macAt, uint16At } from './frame-bytes.js';

const IPV6_HEADER_BYTES = 40;
const ICMPV6 = 58;
const ROUTER_SOLICITATION = 133;
const TARGET_OFFSET = 8;
const SOURCE_LINK_LAYER = 1;
const TARGET_LINK_LAYER = 2;

interface Layout {
  readonly kind: FrameKind;
  /** Bytes before the options (RFC 4861 sections 4.1 to 4.5). */
  readonly fixed: number;
  readonly hasTarget: boolean;
  readonly option: number;
}

/** By ICMPv6 type, from 133 on. */
const layouts: readonly Layout[] = [
  { kind: 'router-solicitation', fixed: 8, hasTarget: false, option: SOURCE_LINK_LAYER },
  { kind: 'router-advertisement', fixed: 16, hasTarget: false, option: SOURCE_LINK_LAYER },
  { kind: 'neighbour-solicitation', fixed: 24, hasTarget: true, option: SOURCE_LINK_LAYER },
  { kind: 'neighbour-advertisement', fixed: 24, hasTarget: true, option: TARGET_LINK_LAYER },
  { kind: 'redirect', fixed: 40, hasTarget: true, option: TARGET_LINK_LAYER },
];

/**
 * Reads an ND message (RFC 4861) from the IPv6 header at `start` to before `end`; undefined for any other packet.
 * ICMPv6 behind an extension header is not read. The ICMPv6 checksum is not verified.
 */
export function decodeNd(bytes: Uint8Array, start: number, end: number): Message | undefined {
  const icmp = start + IPV6_HEADER_BYTES;
  if (icmp >= end || byteAt(bytes, start) >>> 4 !== 6 || byteAt(bytes, start + 6) !== ICMPV6) return undefined;
  const payloadEnd = icmp + uint16At(bytes, start + 4);
  const layout = layouts[byteAt(bytes, icmp) - ROUTER_SOLICITATION];
  if (layout === undefined || payloadEnd === icmp) return undefined;

  const readable = Math.min(end, payloadEnd);
  const hopLimit = byteAt(bytes, start + 7);
  const options =
    readable < icmp + layout.fixed ? nothing : linkLayerOption(bytes, icmp + layout.fixed, readable, layout.option);
  const broken =
    payloadEnd > end
      ? `${layout.kind} cut short: ${end - icmp} of ${payloadEnd - icmp} bytes there`
      : readable < icmp + layout.fixed
        ? `${layout.kind} of ${readable - icmp} bytes, expected ${layout.fixed} or more`
        : options.problem;
  const hasTarget = layout.hasTarget && icmp + TARGET_OFFSET + 16 <= readable;
  return {
    kind: broken === undefined ? layout.kind : 'malformed',
    senderMac: options.mac,
    senderIp: ipv6At(bytes, start + 8),
    targetMac: undefined,
    targetIp: hasTarget ? ipv6At(bytes, icmp + TARGET_OFFSET) : undefined,
    opcode: undefined,
    hopLimit,
    problem: broken ?? invalidity(hopLimit, byteAt(bytes, icmp + 1)),
  };
}

/** RFC 4861 sections 6.1, 7.1 and 8.1: a message with another hop limit was forwarded, so it is nobody on this link. */
function invalidity(hopLimit: number, code: number): string | undefined {
  if (hopLimit !== 255) return `hop limit ${hopLimit}, expected 255 (RFC 4861 section 7.1)`;
  return code === 0 ? undefined : `ICMPv6 code ${code}, expected 0 (RFC 4861 section 7.1)`;
}

interface LinkLayerOption {
  readonly mac: string | undefined;
  readonly problem: string | undefined;
}

const nothing: LinkLayerOption = { mac: undefined, problem: undefined };

/** The first option of the wanted type; hosts take the first of several. Every option is walked: one bad one voids the message. */
function linkLayerOption(bytes: Uint8Array, from: number, end: number, wanted: number): LinkLayerOption {
  let mac: string | undefined;
  for (let at = from; at < end;) {
    const length = at + 1 < end ? byteAt(bytes, at + 1) * 8 : 1;
    if (length === 0) return { mac, problem: `option of length 0 (RFC 4861 section 4.6)` };
    if (at + length > end || length === 1)
      return { mac, problem: `option of ${length} bytes with ${end - at} bytes left` };
    if (byteAt(bytes, at) === wanted && mac === undefined) {
      // RFC 2464 section 6: on Ethernet this option has 8 bytes; hosts drop the message otherwise.
      if (length !== 8) return { mac, problem: `link-layer option of ${length} bytes, expected 8` };
      mac = macAt(bytes, at + 2);
    }
    at += length;
  }
  return mac === undefined ? nothing : { mac, problem: undefined };
}
