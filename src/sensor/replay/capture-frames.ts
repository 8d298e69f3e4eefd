import { captureFiles } from '../capture/capture-files.js';
import { capturePieces } from '../capture/capture-pieces.js';
import { CaptureReader } from '../capture/capture.reader.js';
import type { CaptureRecord } from '../capture/capture-record.js';
import { refuseTruncated } from '../capture/decode-file.js';
import { FrameFields } from '../capture/frame-fields.js';
import { readFrame } from '../capture/frame-reader.js';

/** One ARP or ND frame, malformed ones included; both parts are filled again for the next frame. */
export interface CaptureFrame {
  readonly fields: FrameFields;
  readonly record: CaptureRecord;
}

/**
 * The ARP and ND frames of a capture file, or of every file of a directory of rotating ones in the order of their time, as
 * a judge reads them. Whoever takes them may wait between two frames: nothing is read meanwhile.
 * @throws CaptureError of a file that cannot be read (to its end)
 */
export async function* captureFrames(path: string): AsyncGenerator<CaptureFrame, void, undefined> {
  const fields = new FrameFields();
  for (const file of await captureFiles(path)) {
    const reader = new CaptureReader(file);
    const { record } = reader;
    const frame = { fields, record };
    for await (const piece of capturePieces(file)) {
      reader.push(piece);
      while (reader.nextRecord()) {
        if (!readFrame(record.bytes, record.start, record.end, record.linkType, fields)) continue;
        if (record.outgoing) fields.outgoing = true;
        yield frame;
      }
    }
    refuseTruncated(file, reader.end());
  }
}
