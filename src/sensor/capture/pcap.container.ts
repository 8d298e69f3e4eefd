import { CaptureError } from './capture.error.js';
import type { CaptureRecord } from './capture-record.js';
import { type Container, LONGEST_FRAME } from './container.js';

export const PCAP_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const NANOSECONDS = 1_000_000_000;

interface PcapFormat {
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

/** True for the first four bytes of a classic pcap, read as a big-endian number. */
export const isPcapMagic = (magic: number): boolean => formats.has(magic);

/** Classic pcap: both byte orders, micro- and nanoseconds. */
export class PcapContainer implements Container {
  readonly expects = `a pcap file header of ${PCAP_HEADER_BYTES}`;
  readonly midway = false;
  started = false;
  filled = false;
  /** LINKTYPE of every frame; known once started. */
  linkType = 0;
  private littleEndian = true;
  private fractionUnit = 1;

  /** @param capture file name, or a name for the live capture: errors start with it */
  constructor(private readonly capture: string) {}

  step(view: DataView, at: number, atByte: number, record: CaptureRecord): number {
    this.filled = false;
    if (!this.started) return this.header(view, at);
    if (view.byteLength - at < RECORD_HEADER_BYTES) return -RECORD_HEADER_BYTES;
    const { littleEndian } = this;
    const length = view.getUint32(at + 8, littleEndian);
    if (length > LONGEST_FRAME) throw this.oversized(length, record.number + 1, atByte);
    const start = at + RECORD_HEADER_BYTES;
    if (start + length > view.byteLength) return -(RECORD_HEADER_BYTES + length);
    const fraction = view.getUint32(at + 4, littleEndian) * this.fractionUnit;
    // Writers exist that let the fraction run over a whole second: carry it.
    const carry = fraction < NANOSECONDS ? 0 : Math.floor(fraction / NANOSECONDS);
    record.seconds = view.getUint32(at, littleEndian) + carry;
    record.nanoseconds = fraction - carry * NANOSECONDS;
    record.start = start;
    record.end = start + length;
    record.originalLength = view.getUint32(at + 12, littleEndian);
    record.linkType = this.linkType;
    record.outgoing = false;
    this.filled = true;
    return start + length;
  }

  private header(view: DataView, at: number): number {
    if (view.byteLength - at < PCAP_HEADER_BYTES) return -PCAP_HEADER_BYTES;
    const format = formats.get(view.getUint32(at));
    if (format === undefined) throw new CaptureError(this.capture, 'unknown-format', 'is no classic pcap');
    const major = view.getUint16(at + 4, format.littleEndian);
    if (major !== 2) {
      const finding = `is pcap version ${major}, expected 2: convert it with \`editcap -F pcap IN OUT\``;
      throw new CaptureError(this.capture, 'version', finding);
    }
    this.littleEndian = format.littleEndian;
    this.fractionUnit = format.fractionUnit;
    // The upper bits say whether frames carry their check sequence; it trails the frame, where nobody reads.
    this.linkType = view.getUint32(at + 20, format.littleEndian) & 0x03ffffff;
    this.started = true;
    return at + PCAP_HEADER_BYTES;
  }

  private oversized(length: number, frame: number, atByte: number): CaptureError {
    const record = `record ${frame} at byte ${atByte}`;
    const finding = `says in ${record} that the frame has ${length} bytes, expected at most ${LONGEST_FRAME}: the file is damaged there`;
    return new CaptureError(this.capture, 'oversized-record', finding);
  }
}
