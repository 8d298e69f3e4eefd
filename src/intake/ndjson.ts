/** One line of a file of JSON lines. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  /** Bytes of the file up to the end of this line. */
  readonly bytesRead: number;
}

/** Splits bytes into lines at LF alone: JSON text may hold U+2028, which other readers split at. Empty lines are left out. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let rest = Buffer.alloc(0);
  let number = 0;
  let bytesRead = 0;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a, start)) {
      number++;
      bytesRead += end + 1 - start;
      const text = rest.toString('utf8', start, end).trim();
      if (text !== '') yield { number, text, bytesRead };
      start = end + 1;
    }
    rest = rest.subarray(start);
  }
  const text = rest.toString('utf8').trim();
  if (text !== '') yield { number: number + 1, text, bytesRead: bytesRead + rest.length };
}
