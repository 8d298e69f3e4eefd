import { decodeArp } from './arp-decoder.js';
import type { CapturedFrame } from './captured-frame.js';
import type { DecodedFrame } from './decoded-frame.js';
import { macAt, uint16At } from './frame-bytes.js';
import { decodeNd } from './nd-decoder.js';

const ETHERNET_HEADER_BYTES = 14;
const TAG_BYTES = 4;
const DOT1Q = 0x8100;
const ARP = 0x0806;
const IPV6 = 0x86dd;
const untagged: readonly number[] = Object.freeze([]);

/**
 * What an Ethernet frame says about addresses; undefined when it is neither ARP nor ND (ICMPv6 133 to 137).
 * Never throws and never reads outside `start` to `end`. One 802.1Q tag is read; frames with more tags are not.
 */
export function decodeFrame(captured: CapturedFrame): DecodedFrame | undefined {
  const { bytes, start, end } = captured;
  if (end - start < ETHERNET_HEADER_BYTES) return undefined;
  let etherType = uint16At(bytes, start + 12);
  let payload = start + ETHERNET_HEADER_BYTES;
  let vlans = untagged;
  if (etherType === DOT1Q) {
    if (end - payload < TAG_BYTES) return undefined;
    vlans = [uint16At(bytes, payload) & 0xfff];
    etherType = uint16At(bytes, payload + 2);
    payload += TAG_BYTES;
  }
  const message =
    etherType === ARP ? decodeArp(bytes, payload, end) : etherType === IPV6 ? decodeNd(bytes, payload, end) : undefined;
  if (message === undefined) return undefined;
  // Spelt out, not spread: every frame of a flood comes through here.
  return {
    frame: captured.number,
    time: captured.time,
    vlans,
    etherSource: macAt(bytes, start + 6),
    etherDestination: macAt(bytes, start),
    kind: message.kind,
    senderMac: message.senderMac,
    senderIp: message.senderIp,
    targetMac: message.targetMac,
    targetIp: message.targetIp,
    opcode: message.opcode,
    hopLimit: message.hopLimit,
    problem: message.problem,
  };
}
