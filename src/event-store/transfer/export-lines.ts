/** One line of an export. */
export interface ExportLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  /** Bytes of the file up to the end of this line. */
  readonly end: number;
  /** False for a last line that lacks its line feed: its writer was interrupted. */
  readonly isWhole: boolean;
}

const longestLine = 64 * 1024 * 1024;

/** Splits bytes into lines at LF alone: JSON text may hold U+2028, which other readers split at. */
export async function* exportLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ExportLine> {
  let pieces: Buffer[] = [];
  let waiting = 0;
  let number = 0;
  let end = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let feed = bytes.indexOf(0x0a); feed >= 0; feed = bytes.indexOf(0x0a, start)) {
      pieces.push(bytes.subarray(start, feed));
      const line = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
      end += waiting + feed - start + 1;
      yield { number: ++number, text: line?.toString('utf8') ?? '', end, isWhole: true };
      [pieces, waiting, start] = [[], 0, feed + 1];
    }
    if (start < bytes.length) pieces.push(Buffer.from(bytes.subarray(start)));
    waiting += bytes.length - start;
    if (waiting > longestLine) throw new RangeError(`Line ${number + 1} is longer than 64 MiB, and no event is.`);
  }
  if (waiting > 0)
    yield { number: number + 1, text: Buffer.concat(pieces).toString('utf8'), end: end + waiting, isWhole: false };
}
