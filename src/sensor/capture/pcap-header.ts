import { CaptureError } from './capture.error.js';

export const PCAP_HEADER_BYTES = 24;
const ETHERNET = 1;
const CONVERT = 'convert it with `editcap -F pcap IN OUT`';

/** How the records of one classic pcap file are to be read. */
export interface PcapFormat {
  readonly littleEndian: boolean;
  /** Nanoseconds in one unit of the fraction field: 1000 or 1. */
  readonly fractionUnit: number;
}

// Read as big-endian numbers; draft-ietf-opsawg-pcap section 4.
const formats = new Map<number, PcapFormat>([
  [0xa1b2c3d4, { littleEndian: false, fractionUnit: 1000 }],
  [0xd4c3b2a1, { littleEndian: true, fractionUnit: 1000 }],
  [0xa1b23c4d, { littleEndian: false, fractionUnit: 1 }],
  [0x4d3cb2a1, { littleEndian: true, fractionUnit: 1 }],
]);

/** True once the first bytes rule out a classic pcap: no need to wait for a whole header to say so. */
export function isForeignMagic(view: DataView): boolean {
  return view.byteLength >= 4 && !formats.has(view.getUint32(0));
}

/**
 * Reads the file header of a classic pcap with Ethernet frames.
 * @throws CaptureError for pcapng, an unknown format, a version other than 2.x, another link type
 */
export function readPcapHeader(view: DataView, capture: string): PcapFormat {
  const magic = view.getUint32(0);
  const format = formats.get(magic);
  if (format === undefined) throw foreign(magic, capture);
  const major = view.getUint16(4, format.littleEndian);
  if (major !== 2) throw new CaptureError(capture, 'version', `is pcap version ${major}, expected 2: ${CONVERT}`);
  // The upper bits say whether frames carry their check sequence; it trails the frame, where nobody reads.
  const linkType = view.getUint32(20, format.littleEndian) & 0x03ffffff;
  if (linkType !== ETHERNET) {
    const finding = `has link type ${linkType}, expected Ethernet (1): capture on one Ethernet interface, not on \`any\``;
    throw new CaptureError(capture, 'link-type', finding);
  }
  return format;
}

function foreign(magic: number, capture: string): CaptureError {
  if (magic === 0x0a0d0d0a) return new CaptureError(capture, 'pcapng', `is pcapng, expected classic pcap: ${CONVERT}`);
  if (magic >>> 16 === 0x1f8b) {
    return new CaptureError(capture, 'unknown-format', 'is compressed, expected classic pcap: unpack it with `gunzip`');
  }
  const found = magic.toString(16).padStart(8, '0');
  return new CaptureError(capture, 'unknown-format', `starts with ${found}, expected classic pcap: ${CONVERT}`);
}
