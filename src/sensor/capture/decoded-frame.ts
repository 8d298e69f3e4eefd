import type { FrameKind } from '../../../projections/index.js';
import type { CaptureTime } from './captured-frame.js';

/**
 * What one ARP or ND frame says. Addresses have the one spelling of events/vocabulary.
 * Fields the frame does not carry, or that cannot be read from a malformed one, are undefined.
 */
export interface DecodedFrame {
  /** Counts from 1 in its capture, frames that are neither ARP nor ND included. */
  readonly frame: number;
  readonly time: CaptureTime;
  /** The VLAN ids of the tags, outermost first, 0 for a priority tag; empty for an untagged frame. */
  readonly vlans: readonly number[];
  /** None in raw IP captures. */
  readonly etherSource: string | undefined;
  /** None in cooked and raw IP captures. */
  readonly etherDestination: string | undefined;
  readonly kind: FrameKind | 'malformed';
  /** ARP sender hardware address; in ND the source link-layer option (RS, RA, NS) or target link-layer option (NA, redirect). */
  readonly senderMac: string | undefined;
  /** ARP sender protocol address; in ND the IPv6 source. */
  readonly senderIp: string | undefined;
  /** ARP target hardware address; none in ND. */
  readonly targetMac: string | undefined;
  /** ARP target protocol address; the target of NS, NA and redirect. */
  readonly targetIp: string | undefined;
  /** ARP operation. */
  readonly opcode: number | undefined;
  /** IPv6 hop limit. */
  readonly hopLimit: number | undefined;
  /** Of the ICMPv6 message; undefined where not all of it is there, and for ARP. */
  readonly checksum: 'good' | 'bad' | undefined;
  /** True where the capture says that the box it was made on sent this frame. */
  readonly outgoing: boolean | undefined;
  /** Why hosts do not believe this frame: always there for a malformed one, and for ND that is not valid by RFC 4861. */
  readonly problem: string | undefined;
}
