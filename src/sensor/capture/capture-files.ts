import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CaptureError } from './capture.error.js';
import { capturePieces } from './capture-pieces.js';
import { CaptureReader } from './capture.reader.js';

/** One file of captures, and when its first frame was captured (seconds since 1970; Infinity where it has none). */
interface DatedFile {
  readonly path: string;
  readonly begins: number;
}

/**
 * The files that a path stands for: itself, or those of a directory of rotating captures, the one that begins first
 * first; names decide between equal times. The frames' own times hold where a ring of names starts again and where
 * copying changed the files' times. Hidden files are left out.
 * @throws CaptureError with fault `unreadable`
 */
export async function captureFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const entries = await readdir(path);
    const files: DatedFile[] = [];
    for (const name of entries.filter((entry) => !entry.startsWith('.'))) {
      const file = join(path, name);
      if ((await stat(file)).isFile()) files.push({ path: file, begins: await firstFrameTime(file) });
    }
    return files.sort(byTime).map((file) => file.path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const finding = `cannot be read (${why}): name a readable capture file or directory`;
    throw new CaptureError(path, 'unreadable', finding, { cause });
  }
}

function byTime(left: DatedFile, right: DatedFile): number {
  if (left.begins !== right.begins) return left.begins < right.begins ? -1 : 1;
  return compareNames(left.path, right.path);
}

/** As people count: `web2` before `web10`. */
export function compareNames(left: string, right: string): number {
  return basename(left).localeCompare(basename(right), 'en', { numeric: true });
}

async function firstFrameTime(path: string): Promise<number> {
  const reader = new CaptureReader(path);
  try {
    for await (const piece of capturePieces(path)) {
      reader.push(piece);
      if (reader.nextRecord()) return reader.record.seconds + reader.record.nanoseconds / 1e9;
    }
  } catch (error) {
    // What is wrong with the file is said when it is read.
    if (!(error instanceof CaptureError)) throw error;
  }
  return Infinity;
}
