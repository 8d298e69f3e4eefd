import { createReadStream } from 'node:fs';
import { CaptureError } from './capture.error.js';
import type { DecodedFrame } from './decoded-frame.js';
import { decodeFrame } from './frame-decoder.js';
import { PcapReader } from './pcap.reader.js';

/**
 * The ARP and ND frames of a classic pcap file, malformed ones included, read in pieces.
 * @throws CaptureError when the file cannot be read, is of another format or is damaged; a file that stops inside a
 * record gives all its whole frames first and then the error (fault `truncated`)
 */
export async function* decodeFile(path: string): AsyncGenerator<DecodedFrame, void, undefined> {
  const reader = new PcapReader(path);
  for await (const piece of pieces(path)) {
    for (const captured of reader.feed(piece)) {
      const decoded = decodeFrame(captured);
      if (decoded !== undefined) yield decoded;
    }
  }
  const { frames, truncated } = reader.end();
  if (truncated !== undefined) {
    const where = `stops inside frame ${truncated.frame} (its record starts at byte ${truncated.atByte})`;
    const finding = `${where}, ${truncated.missingBytes} or more bytes missing: the ${frames} whole frames before it were read`;
    throw new CaptureError(path, 'truncated', finding);
  }
}

async function* pieces(path: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const piece of createReadStream(path)) yield piece as Buffer;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CaptureError(path, 'unreadable', `cannot be read (${why}): name a readable pcap file`, { cause });
  }
}
