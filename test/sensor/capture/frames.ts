// Frames and pcap files written from the RFCs, byte by byte, for the decoder to be judged by.
import { type CapturedFrame } from '../../../src/sensor/capture/captured-frame.js';

export const hexBytes = (text: string): Buffer => Buffer.from(text.replace(/[^0-9a-f]/gi, ''), 'hex');

const uint16 = (value: number): Buffer => Buffer.from([value >>> 8, value & 0xff]);

/** An Ethernet frame; `vlan` adds one 802.1Q tag. */
export function ethernet(
  etherType: number,
  payload: Uint8Array,
  more: { vlan?: number; from?: string; to?: string } = {},
): Buffer {
  const addresses = hexBytes((more.to ?? 'ffffffffffff') + (more.from ?? '525400000016'));
  const tag = more.vlan === undefined ? [] : [uint16(0x8100), uint16(more.vlan)];
  return Buffer.concat([addresses, ...tag, uint16(etherType), payload]);
}

/** An ARP message for Ethernet and IPv4 (RFC 826), all fields in hex. */
export function arp(opcode: number, senderMac: string, senderIp: string, targetMac: string, targetIp: string): Buffer {
  return Buffer.concat([
    hexBytes('0001 0800 06 04'),
    uint16(opcode),
    hexBytes(senderMac + senderIp + targetMac + targetIp),
  ]);
}

export interface PacketShape {
  readonly from?: string;
  readonly hopLimit?: number;
  readonly code?: number;
  readonly payloadLength?: number;
  /** Extension headers in hex, each naming the next one's protocol; `firstHeader` is the protocol of the first. */
  readonly extensions?: string;
  readonly firstHeader?: number;
  /** Instead of the right one. */
  readonly checksum?: number;
}

/** An IPv6 packet with an ICMPv6 message, alone. Addresses and body in hex. */
export function icmpv6Packet(type: number, body: string, more: PacketShape = {}): Buffer {
  const extensions = hexBytes(more.extensions ?? '');
  const message = Buffer.concat([Buffer.from([type, more.code ?? 0, 0, 0]), hexBytes(body)]);
  const addresses = Buffer.concat([hexBytes(more.from ?? serverLinkLocal), hexBytes(allNodes)]);
  const length = more.payloadLength ?? extensions.length + message.length;
  // The checksum is made over the message as far as the header says that it goes.
  const summed = message.subarray(0, Math.max(0, length - extensions.length));
  message.writeUInt16BE(more.checksum ?? internetChecksum(addresses, uint16(summed.length), uint16(58), summed), 2);
  return Buffer.concat([
    hexBytes('60000000'),
    uint16(length),
    Buffer.from([more.firstHeader ?? 58, more.hopLimit ?? 255]),
    addresses,
    extensions,
    message,
  ]);
}

/** The same in an Ethernet frame. */
export function icmpv6(type: number, body: string, more: PacketShape = {}): Buffer {
  return ethernet(0x86dd, icmpv6Packet(type, body, more), { to: '333300000001' });
}

/** RFC 1071: the complement of the one's complement sum of all 16-bit words; parts are padded to whole words. */
function internetChecksum(...parts: readonly Uint8Array[]): number {
  const words = parts.flatMap((part) =>
    Array.from({ length: Math.ceil(part.length / 2) }, (_, i) => (part[2 * i] ?? 0) * 256 + (part[2 * i + 1] ?? 0)),
  );
  return 0xffff - words.reduce((sum, word) => (sum + word > 0xffff ? sum + word - 0xffff : sum + word), 0);
}

export const serverLinkLocal = 'fe80000000000000 505400fffe000016';
export const allNodes = 'ff02000000000000 0000000000000001';
export const unspecified = '0'.repeat(32);
export const serverAddress = '20010db800160000 0000000000000001';
export const sourceOption = (mac: string): string => `0101${mac}`;
export const targetOption = (mac: string): string => `0201${mac}`;

/** The frame alone in its buffer. */
export function captured(bytes: Uint8Array, number = 1): CapturedFrame {
  const time = { seconds: 1_700_000_000, nanoseconds: 123_456_000 };
  return { number, time, bytes, start: 0, end: bytes.length, originalLength: bytes.length };
}

export interface PcapShape {
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
  readonly linkType?: number;
}

/** A classic pcap file: frame n (from 1) is captured n seconds and 250,000 fractions after 1970. */
export function pcapOf(frames: readonly Uint8Array[], shape: PcapShape = {}): Buffer {
  const little = shape.littleEndian ?? true;
  const uint32 = (value: number): Buffer => {
    const word = Buffer.alloc(4);
    if (little) word.writeUInt32LE(value);
    else word.writeUInt32BE(value);
    return word;
  };
  const version = little ? hexBytes('0200 0400') : hexBytes('0002 0004');
  const magic = uint32(shape.nanoseconds === true ? 0xa1b23c4d : 0xa1b2c3d4);
  const header = [magic, version, uint32(0), uint32(0), uint32(262_144), uint32(shape.linkType ?? 1)];
  const records = frames.flatMap((frame, index) => [
    uint32(index + 1),
    uint32(250_000),
    uint32(frame.length),
    uint32(frame.length),
    frame,
  ]);
  return Buffer.concat([...header, ...records]);
}
