import { basename } from 'node:path';
import { CaptureError } from './capture.error.js';
import { captureFiles } from './capture-files.js';
import { decodeFile, type ListedFrame } from './decode-file.js';
import { FrameTally } from './frame-tally.js';

/** A frame of one file of several. */
export interface FiledFrame extends ListedFrame {
  /** The name of its file; absent where only one file was asked for. */
  readonly file?: string;
}

export interface DecodeFilesOptions {
  /** Counts every frame of every file. */
  readonly tally?: FrameTally;
  /** Told of each file that could not be read (to its end); the next one is read all the same. */
  readonly onFailure: (failure: CaptureError) => void;
}

/** The ARP and ND frames of a capture file, or of every file of a directory of rotating ones in the order of their time. */
export async function* decodeFiles(
  path: string,
  { tally = new FrameTally(), onFailure }: DecodeFilesOptions,
): AsyncGenerator<FiledFrame, void, undefined> {
  const files = await filesOf(path, onFailure);
  for (const file of files) {
    try {
      for await (const frame of decodeFile(file, tally)) {
        yield file === path ? frame : { file: basename(file), ...frame };
      }
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      onFailure(error);
    }
  }
}

async function filesOf(path: string, onFailure: (failure: CaptureError) => void): Promise<string[]> {
  try {
    return await captureFiles(path);
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    onFailure(error);
    return [];
  }
}
