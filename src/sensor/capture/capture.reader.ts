import { CaptureError } from './capture.error.js';
import { CaptureRecord } from './capture-record.js';
import type { CapturedFrame } from './captured-frame.js';
import type { Container } from './container.js';
import { isPcapMagic, PcapContainer } from './pcap.container.js';
import { PCAPNG_MAGIC, PcapngContainer } from './pcapng.container.js';

const noBytes = new Uint8Array(0);
const MAGIC_BYTES = 4;
const TRAILER_BYTES = 4;

/** How a capture ended. */
export interface CaptureEnd {
  /** Whole frames read. */
  readonly frames: number;
  readonly bytes: number;
  /** Present when the capture stops inside a record: which frame, and the byte its record starts at. */
  readonly truncated?: { readonly frame: number; readonly atByte: number; readonly missingBytes: number };
}

/**
 * Reads pcap and pcapng, told apart by their first bytes, as they arrive, in pieces of any size.
 * At most one unfinished record is kept between two pieces. Give a piece to `push`, then call `nextRecord` until it says
 * false; `record` points into the piece and is moved from frame to frame.
 */
export class CaptureReader {
  readonly record = new CaptureRecord();
  private container: Container | undefined;
  private pieces: Uint8Array[] = [];
  private kept = 0;
  private needed = MAGIC_BYTES;
  private data: Uint8Array = noBytes;
  private view: DataView = new DataView(noBytes.buffer);
  private at = 0;
  /** Bytes of coming pieces that nobody reads. */
  private toSkip = 0;
  private bytes = 0;

  /** @param capture file name, or a name for the live capture: errors start with it */
  constructor(private readonly capture: string) {}

  /** True once the header of the capture has been read and understood. */
  get started(): boolean {
    return this.container?.started ?? false;
  }

  /** Takes the next piece; it must not be changed while its frames are being read. */
  push(piece: Uint8Array): void {
    this.bytes += piece.length;
    const from = Math.min(this.toSkip, piece.length);
    this.toSkip -= from;
    const rest = from === 0 ? piece : piece.subarray(from);
    if (rest.length === 0) return;
    this.pieces.push(rest);
    this.kept += rest.length;
    if (this.kept < this.needed) return;
    this.data = this.pieces.length === 1 ? rest : Buffer.concat(this.pieces, this.kept);
    this.view = new DataView(this.data.buffer, this.data.byteOffset, this.data.byteLength);
    this.at = 0;
    this.pieces = [];
    this.record.bytes = this.data;
  }

  /**
   * Moves `record` to the next frame; false when another piece is needed first.
   * @throws CaptureError where the capture cannot be read (further); frames before that place were given
   */
  nextRecord(): boolean {
    if (this.kept < this.needed) return false;
    this.container ??= this.detect();
    const { container, record, view } = this;
    const { length } = this.data;
    const first = this.bytes - length;
    while (this.at < length) {
      const next = container.step(view, this.at, first + this.at, record);
      if (next < 0) return this.keep(-next);
      this.at = next;
      if (container.filled) {
        record.number++;
        return true;
      }
    }
    this.toSkip = this.at - length;
    this.at = length;
    return this.keep(1);
  }

  /** The frames that a piece completes, each a value of its own; take them all before feeding the next piece. */
  *feed(piece: Uint8Array): Generator<CapturedFrame, void, undefined> {
    this.push(piece);
    while (this.nextRecord()) {
      const { number, seconds, nanoseconds, bytes, start, end, originalLength, linkType, outgoing } = this.record;
      const time = { seconds, nanoseconds };
      yield { number, time, bytes, start, end, originalLength, linkType, ...(outgoing && { outgoing }) };
    }
  }

  /**
   * To be called after the last piece.
   * @throws CaptureError when there was not even a whole header
   */
  end(): CaptureEnd {
    if (!this.started) {
      const expected = this.container?.expects ?? new PcapContainer(this.capture).expects;
      const finding = `has ${this.bytes} bytes, expected ${expected}: capture again`;
      throw new CaptureError(this.capture, 'empty', finding);
    }
    const whole = { frames: this.record.number, bytes: this.bytes };
    const unfinished = this.kept > 0 || this.toSkip > 0 || (this.container?.midway ?? false);
    if (!unfinished) return whole;
    const missingBytes = this.kept > 0 ? this.needed - this.kept : this.toSkip + TRAILER_BYTES;
    return { ...whole, truncated: { frame: whole.frames + 1, atByte: this.bytes - this.kept, missingBytes } };
  }

  private keep(needed: number): false {
    const rest = this.data.subarray(this.at);
    this.pieces = rest.length === 0 ? [] : [rest];
    this.kept = rest.length;
    this.needed = needed;
    this.data = noBytes;
    return false;
  }

  private detect(): Container {
    const magic = this.view.getUint32(0);
    if (isPcapMagic(magic)) return new PcapContainer(this.capture);
    if (magic === PCAPNG_MAGIC) return new PcapngContainer(this.capture);
    const found =
      magic >>> 16 === 0x1f8b ? 'is compressed within' : `starts with ${magic.toString(16).padStart(8, '0')}`;
    const finding = `${found}, expected pcap or pcapng: convert it with \`editcap -F pcap IN OUT\``;
    throw new CaptureError(this.capture, 'unknown-format', finding);
  }
}
