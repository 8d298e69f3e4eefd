import fc from '../../support/property.js';
import { type ExportLine, exportLines } from '../../../src/event-store/transfer/export-lines.js';

async function linesOf(pieces: readonly Uint8Array[]): Promise<ExportLine[]> {
  const chunks = (async function* () {
    for (const piece of pieces) yield await Promise.resolve(piece);
  })();
  const lines: ExportLine[] = [];
  for await (const line of exportLines(chunks)) lines.push(line);
  return lines;
}

describe('the lines of an export', () => {
  it('are the same however the bytes are cut into pieces, with the place where each ends', async () => {
    const text = fc.array(fc.string({ unit: 'binary', maxLength: 20 }).map((one) => one.replaceAll('\n', '\u2028')));
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), fc.array(fc.nat(200)), async (texts, isEnded, cuts) => {
        const whole = Buffer.from(texts.map((one) => `${one}\n`).join('') + (isEnded ? '' : 'rest'));
        const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const pieces = places.slice(1).map((place, index) => whole.subarray(places[index], place));
        const lines = await linesOf(pieces);
        const complete = lines.filter((line) => line.isWhole);
        expect(complete.map((line) => line.text)).toEqual(texts);
        expect(lines.length - complete.length).toBe(isEnded ? 0 : 1);
        for (const { end } of complete) expect(whole[end - 1]).toBe(0x0a);
        expect(lines.at(-1)?.end ?? 0).toBe(whole.length);
        expect(lines.map((line) => line.number)).toEqual(lines.map((_, index) => index + 1));
      }),
    );
  });
});
