import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CaptureError } from './capture.error.js';

/**
 * The bytes of a capture file in pieces, unpacked where it is gzip. Pipes work too.
 * @throws CaptureError with fault `unreadable`, or `damaged` where gzip cannot be unpacked (further)
 */
export async function* capturePieces(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = createReadStream(path);
  let isPacked = false;
  try {
    await once(file, 'readable');
    const first = file.read() as Buffer | null;
    if (first === null) return;
    file.unshift(first);
    isPacked = first[0] === 0x1f && first[1] === 0x8b;
    // The callback is there because pipeline asks for one: the iteration throws what it is told.
    const source: Readable = isPacked ? pipeline(file, createGunzip(), () => undefined) : file;
    for await (const piece of source) yield piece as Buffer;
  } catch (cause) {
    if (cause instanceof CaptureError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    if (isPacked) {
      const finding = `is gzip that cannot be unpacked (${why}): what stands before that place was read`;
      throw new CaptureError(path, 'damaged', finding, { cause });
    }
    throw new CaptureError(path, 'unreadable', `cannot be read (${why}): name a readable pcap file`, { cause });
  } finally {
    file.destroy();
  }
}
