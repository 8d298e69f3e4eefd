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
  /** The 802.1Q tag's VLAN id, 0 for a priority tag; empty for an untagged frame. */
  readonly vlans: readonly number[];
  readonly etherSource: string;
  readonly etherDestination: string;
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
  /** Why hosts do not believe this frame: always there for a malformed one, and for ND that is not valid by RFC 4861. */
  readonly problem: string | undefined;
}

/** What the layers above Ethernet say. */
export type Message = Pick<
  DecodedFrame,
  'kind' | 'senderMac' | 'senderIp' | 'targetMac' | 'targetIp' | 'opcode' | 'hopLimit' | 'problem'
>;
