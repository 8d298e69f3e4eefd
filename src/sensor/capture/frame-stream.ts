import { type CaptureEnd, CaptureReader } from './capture.reader.js';
import type { CaptureRecord } from './capture-record.js';
import { FrameFields } from './frame-fields.js';
import { readFrame } from './frame-reader.js';
import { FrameTally } from './frame-tally.js';

/**
 * Takes one ARP or ND frame, malformed ones included. Both arguments are filled again for the next frame, and
 * `record.bytes` holds the frame only until then: keep copies.
 */
export type TakeFrame = (fields: FrameFields, record: CaptureRecord) => void;

/**
 * From pieces of a capture to its ARP and ND frames, without memory for each. One for each source; `begin` where a new
 * capture starts (tcpdump was started again, the next file of a directory), then `push` its pieces.
 */
export class FrameStream {
  /** Counts everything since the stream was made, over all its captures. */
  readonly tally: FrameTally;
  private readonly fields = new FrameFields();
  private reader: CaptureReader;
  private broken = false;

  /** @param capture file name, or a name for the live capture: errors start with it */
  constructor(
    private capture: string,
    private readonly take: TakeFrame,
    tally = new FrameTally(),
  ) {
    this.tally = tally;
    this.reader = new CaptureReader(capture);
  }

  /** Forgets an unfinished capture: what comes next begins with a header. */
  begin(capture = this.capture): void {
    this.capture = capture;
    this.reader = new CaptureReader(capture);
    this.broken = false;
  }

  /**
   * What comes behind damage is passed over until the next `begin`.
   * @throws CaptureError where the capture cannot be read (further); frames before that place were taken
   */
  push(piece: Uint8Array): void {
    if (this.broken) return;
    try {
      this.read(piece);
    } catch (error) {
      this.broken = true;
      throw error;
    }
  }

  private read(piece: Uint8Array): void {
    const { reader, fields, tally, take } = this;
    const { record } = reader;
    reader.push(piece);
    while (reader.nextRecord()) {
      const isWanted = readFrame(record.bytes, record.start, record.end, record.linkType, fields);
      tally.add(fields, record.linkType);
      if (!isWanted) continue;
      if (record.outgoing) fields.outgoing = true;
      take(fields, record);
    }
  }

  /** After the last piece of a capture. @throws CaptureError when there was not even a whole header */
  end(): CaptureEnd {
    return this.reader.end();
  }
}
