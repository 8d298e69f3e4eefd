import type { KeptFrame } from './kept-frame.js';

const HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
/** Classic pcap with nanoseconds (draft-ietf-opsawg-pcap section 4), written in the byte order of most machines. */
const NANOSECOND_MAGIC = 0xa1b23c4d;
const LONGEST_FRAME = 262_144;

/** A classic pcap file, nanosecond times, of frames that were all captured with one link type. */
export function pcapFile(linkType: number, frames: readonly KeptFrame[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(NANOSECOND_MAGIC, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(LONGEST_FRAME, 16);
  header.writeUInt32LE(linkType, 20);
  return Buffer.concat([header, ...frames.map(recordOf)]);
}

/** A file that `pcapFile` made, with frames of the same link type behind those it has. */
export function grownPcapFile(file: Uint8Array, frames: readonly KeptFrame[]): Buffer {
  return Buffer.concat([file, ...frames.map(recordOf)]);
}

/** The link type of a file that `pcapFile` made. */
export function linkTypeOf(file: Buffer): number {
  return file.readUInt32LE(20);
}

/** Bytes that a frame takes in the file. */
export function recordBytes(frame: KeptFrame): number {
  return RECORD_HEADER_BYTES + frame.bytes.length;
}

function recordOf({ time, bytes, originalLength }: KeptFrame): Buffer {
  const record = Buffer.alloc(RECORD_HEADER_BYTES + bytes.length);
  // Seconds are unsigned in the file: good until 2106.
  record.writeUInt32LE(time.seconds >>> 0, 0);
  record.writeUInt32LE(time.nanoseconds, 4);
  record.writeUInt32LE(bytes.length, 8);
  record.writeUInt32LE(Math.max(originalLength, bytes.length), 12);
  record.set(bytes, RECORD_HEADER_BYTES);
  return record;
}
