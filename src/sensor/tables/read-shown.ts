import { open } from 'node:fs/promises';

/** The longest text of a table that is read, in bytes. */
export const longestShown = 64 * 1024 * 1024;

/** A text that cannot be had; the message says which, why, and the cure. */
export class ShownTextError extends Error {
  override readonly name = 'ShownTextError';
}

/** The whole text of a file, or of a stream where `-` is named. Rejects with a ShownTextError. */
export async function readShown(file: string, stdin?: AsyncIterable<Uint8Array>): Promise<string> {
  if (file === '-' && stdin !== undefined) return textOf('standard input', stdin);
  try {
    const handle = await open(file, 'r');
    try {
      return await textOf(file, handle.createReadStream({ autoClose: false }));
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof ShownTextError) throw cause;
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new ShownTextError(`${file} cannot be read (${why}): name a readable file`, { cause });
  }
}

async function textOf(name: string, stream: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.length;
    if (length > longestShown)
      throw new ShownTextError(`${name} is longer than ${longestShown} bytes: cut it, every line stands for itself`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
