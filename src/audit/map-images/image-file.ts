import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { bytesOfImage, type FoldImage } from '../../../projections/index.js';
import { DamagedKeep } from '../time-blocks/damaged.js';
import { always } from '../time-blocks/event-time.js';
import type { ImageFacts } from './manifest.js';

/** Read and checked so many bytes at a time: a large image must not keep the engine from its other work. */
const pieceBytes = 1 << 20;

/**
 * Writes an image; it is on the disk when this returns.
 * @param latest from this moment on everything that was folded counts
 * @throws the error of the file system
 */
export function writeImage(directory: string, image: FoldImage, latest: number): ImageFacts {
  const name = `image-${String(image.ordinal).padStart(16, '0')}.bin`;
  const checks: number[] = [];
  let bytes = 0;
  const path = join(directory, name);
  const file = openSync(path, 'w', 0o640);
  try {
    for (const piece of inPieces(bytesOfImage(image))) {
      for (let done = 0; done < piece.length;) done += writeSync(file, piece, done, piece.length - done);
      checks.push(crc32(piece));
      bytes += piece.length;
    }
    fdatasyncSync(file);
  } catch (error) {
    rmSync(path, { force: true }); // On a full disk half an image would be in the way of the log.
    throw error;
  } finally {
    closeSync(file);
  }
  return { name, ordinal: image.ordinal, latest: latest === always ? null : latest, bytes, checks };
}

/** The bytes of an image. Rejects with DamagedKeep where they are not as they were written, or the error of the file system. */
export async function readImage(directory: string, { name, bytes, checks }: ImageFacts): Promise<Uint8Array> {
  const whole = Buffer.allocUnsafe(bytes);
  const file = await open(join(directory, name), 'r');
  try {
    for (const [index, check] of checks.entries()) {
      const start = index * pieceBytes;
      const length = Math.min(pieceBytes, bytes - start);
      const { bytesRead } = await file.read(whole, start, length, start);
      if (bytesRead < length || crc32(whole.subarray(start, start + length)) !== check)
        throw new DamagedKeep(`${name} in ${directory} is not as it was written`);
    }
  } finally {
    await file.close();
  }
  return whole;
}

/** The same bytes in pieces of one size, the last one perhaps shorter. */
function* inPieces(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  const piece = new Uint8Array(pieceBytes);
  let filled = 0;
  for (const part of parts)
    for (let at = 0; at < part.length;) {
      const taken = part.subarray(at, at + pieceBytes - filled);
      piece.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < pieceBytes) continue;
      yield piece;
      filled = 0;
    }
  if (filled > 0) yield piece.subarray(0, filled);
}
