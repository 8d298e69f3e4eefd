import { CaptureError } from './capture.error.js';
import { type CaptureEnd } from './capture.reader.js';
import { capturePieces } from './capture-pieces.js';
import type { DecodedFrame } from './decoded-frame.js';
import { spellOut } from './frame-decoder.js';
import { FrameStream } from './frame-stream.js';
import { FrameTally } from './frame-tally.js';
import { type NdOption, ndOptions } from './nd-options.js';

/** A frame of a file, with all that it says. */
export interface ListedFrame extends DecodedFrame {
  /** Of an ND message, in their order; absent for ARP. */
  readonly options?: readonly NdOption[] | undefined;
}

/**
 * The ARP and ND frames of a pcap or pcapng file (gzipped ones too), malformed ones included, read in pieces.
 * @param tally counts every frame of the file
 * @throws CaptureError when the file cannot be read, is of another format or is damaged; a file that stops inside a
 * record gives all its whole frames first and then the error (fault `truncated`)
 */
export async function* decodeFile(
  path: string,
  tally = new FrameTally(),
): AsyncGenerator<ListedFrame, void, undefined> {
  let frames: ListedFrame[] = [];
  const stream = new FrameStream(
    path,
    (fields, { bytes, number, seconds, nanoseconds }) =>
      frames.push({
        ...spellOut(bytes, fields, number, { seconds, nanoseconds }),
        options: ndOptions(bytes, fields),
      }),
    tally,
  );
  for await (const piece of capturePieces(path)) {
    let damage: CaptureError | undefined;
    try {
      stream.push(piece);
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      damage = error;
    }
    yield* frames;
    frames = [];
    if (damage !== undefined) throw damage;
  }
  refuseTruncated(path, stream.end());
}

/** @throws CaptureError with fault `truncated` where the capture ended inside a record */
export function refuseTruncated(path: string, { frames, truncated }: CaptureEnd): void {
  if (truncated === undefined) return;
  const where = `stops inside frame ${truncated.frame} (its record starts at byte ${truncated.atByte})`;
  const finding = `${where}, ${truncated.missingBytes} or more bytes missing: the ${frames} whole frames before it were read`;
  throw new CaptureError(path, 'truncated', finding);
}
