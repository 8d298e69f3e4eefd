import { Readable } from 'node:stream';
import { readLines } from '../../src/intake/ndjson.js';

async function linesOf(...chunks: readonly (string | Buffer)[]): Promise<[number, string][]> {
  const lines: [number, string][] = [];
  for await (const line of readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk)))))
    lines.push([line.number, line.text]);
  return lines;
}

describe('lines of JSON', () => {
  it('are counted from 1, empty ones included but not given', async () => {
    expect(await linesOf('a\n\nb\r\n', 'c')).toEqual([
      [1, 'a'],
      [3, 'b'],
      [4, 'c'],
    ]);
  });

  it('are put together from pieces, also within a character', async () => {
    const text = Buffer.from('"é"\n"x"\n');
    expect(await linesOf(text.subarray(0, 2), text.subarray(2, 5), text.subarray(5))).toEqual([
      [1, '"é"'],
      [2, '"x"'],
    ]);
  });

  it('do not end at U+2028, which JSON text may hold', async () => {
    expect(await linesOf('"a\u2028b"\n')).toEqual([[1, '"a\u2028b"']]);
  });
});
