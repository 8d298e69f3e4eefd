import { CaptureError } from './capture.error.js';
import type { CapturedFrame } from './captured-frame.js';
import { isForeignMagic, PCAP_HEADER_BYTES, type PcapFormat, readPcapHeader } from './pcap-header.js';

const RECORD_HEADER_BYTES = 16;
/** What libpcap itself takes as the longest frame (MAXIMUM_SNAPLEN). */
export const LONGEST_FRAME = 262_144;
const NANOSECONDS = 1_000_000_000;

/** How a capture ended. */
export interface CaptureEnd {
  /** Whole frames read. */
  readonly frames: number;
  readonly bytes: number;
  /** Present when the capture stops inside a record: which frame, and the byte its record starts at. */
  readonly truncated?: { readonly frame: number; readonly atByte: number; readonly missingBytes: number };
}

/**
 * Reads classic pcap (both byte orders, micro- and nanoseconds, Ethernet) as it arrives, in pieces of any size.
 * At most one unfinished record is kept between two pieces. Frames point into the pieces given to `feed`.
 */
export class PcapReader {
  private format: PcapFormat | undefined;
  private pieces: Uint8Array[] = [];
  private kept = 0;
  private needed = PCAP_HEADER_BYTES;
  private frames = 0;
  private bytes = 0;

  /** @param capture file name, or a name for the live capture: errors start with it */
  constructor(private readonly capture: string) {}

  /** True once the file header has been read and understood. */
  get started(): boolean {
    return this.format !== undefined;
  }

  /**
   * The frames that this piece completes; take them all before feeding the next piece.
   * @throws CaptureError where the capture is not readable (further); frames before that place were given
   */
  *feed(piece: Uint8Array): Generator<CapturedFrame, void, undefined> {
    this.bytes += piece.length;
    this.pieces.push(piece);
    this.kept += piece.length;
    if (this.kept < this.needed && this.started) return;

    const data = this.pieces.length === 1 ? piece : Buffer.concat(this.pieces, this.kept);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    let at = 0;
    if (this.format === undefined) {
      if (data.length < PCAP_HEADER_BYTES && !isForeignMagic(view)) return this.keep(data, 0, PCAP_HEADER_BYTES);
      this.format = readPcapHeader(view, this.capture);
      at = PCAP_HEADER_BYTES;
    }
    const { littleEndian, fractionUnit } = this.format;
    for (;;) {
      if (data.length - at < RECORD_HEADER_BYTES) return this.keep(data, at, RECORD_HEADER_BYTES);
      const length = view.getUint32(at + 8, littleEndian);
      if (length > LONGEST_FRAME) throw this.oversized(length, this.bytes - (data.length - at));
      const start = at + RECORD_HEADER_BYTES;
      const end = start + length;
      if (end > data.length) return this.keep(data, at, RECORD_HEADER_BYTES + length);
      const fraction = view.getUint32(at + 4, littleEndian) * fractionUnit;
      // Writers exist that let the fraction run over a whole second: carry it.
      const carry = Math.floor(fraction / NANOSECONDS);
      const time = {
        seconds: view.getUint32(at, littleEndian) + carry,
        nanoseconds: fraction - carry * NANOSECONDS,
      };
      const originalLength = view.getUint32(at + 12, littleEndian);
      at = end;
      yield { number: ++this.frames, time, bytes: data, start, end, originalLength };
    }
  }

  /**
   * To be called after the last piece.
   * @throws CaptureError when there was not even a whole file header
   */
  end(): CaptureEnd {
    if (!this.started) {
      const finding = `has ${this.bytes} bytes, expected a pcap file header of ${PCAP_HEADER_BYTES}: capture again`;
      throw new CaptureError(this.capture, 'empty', finding);
    }
    const whole = { frames: this.frames, bytes: this.bytes };
    if (this.kept === 0) return whole;
    const missingBytes = this.needed - this.kept;
    return { ...whole, truncated: { frame: this.frames + 1, atByte: this.bytes - this.kept, missingBytes } };
  }

  private keep(data: Uint8Array, from: number, needed: number): void {
    const rest = data.subarray(from);
    this.pieces = rest.length === 0 ? [] : [rest];
    this.kept = rest.length;
    this.needed = needed;
  }

  private oversized(length: number, atByte: number): CaptureError {
    const record = `record ${this.frames + 1} at byte ${atByte}`;
    const finding = `says in ${record} that the frame has ${length} bytes, expected at most ${LONGEST_FRAME}: the file is damaged there`;
    return new CaptureError(this.capture, 'oversized-record', finding);
  }
}
