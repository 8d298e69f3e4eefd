import fc from '../../support/property.js';
import { existsSync } from 'node:fs';
import { detectFormat, tableFormats } from '../../../src/sensor/tables/table-formats.js';
import { longestLine } from '../../../src/sensor/tables/table-lines.js';
import { readSample, realdata, tableSamples, whyOutOfScope } from './samples.js';

/** Pieces that patterns are made of, so that generated text comes close to matching. */
const piece = fc.constantFrom(
  ' ',
  '  ',
  '\t',
  '-',
  '*',
  ':',
  ',',
  '(',
  ')',
  '.',
  '/',
  '0',
  '1',
  'a',
  'Gi1/0/1',
  'Po1',
  '10.0.0.1',
  'fe80::1',
  'dead.beef.0001',
  '00:11:22:33:44:55',
  'Internet',
  'ARPA',
  'DYNAMIC',
  'static',
  'Vlan1',
  'dev',
  'lladdr',
  'STALE',
  'vPC Peer-Link',
  'REACHABLE',
  'at',
  'on',
  '[ether]',
  '<incomplete>',
  '0:00:01',
  '9 days, ',
  'no',
  'yes',
  '{',
  '}',
  '"',
  '<',
  '>',
  '\u0000',
  '\u001b[2J',
  '\u202e',
  'é',
);
const line = fc.array(piece, { maxLength: 80 }).map((parts) => parts.join(''));
const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\n'));

describe('tables from a hostile device', () => {
  it('are read without an error, every line accounted for at most once as unparsed', () => {
    fc.assert(
      fc.property(text, (shown) => {
        for (const format of tableFormats) {
          const score = format.detect(shown);
          expect(score >= 0 && score <= 1).toBe(true);
          const { entries, unparsed } = format.parse(shown);
          const numbers = unparsed.map((one) => one.line);
          expect(new Set(numbers).size).toBe(numbers.length);
          for (const entry of entries) {
            expect(entry.mac === undefined || /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(entry.mac)).toBe(true);
            expect(entry.isComplete && entry.mac === undefined).toBe(false);
            for (const name of [entry.interface, entry.port, entry.vrf])
              expect([...(name ?? '')].every((character) => character >= ' ' && character !== '\u007f')).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('never take a line that is too long for a row, and never keep it whole', () => {
    const long = `Internet  10.0.0.1  5  0000.0000.0001  ARPA  ${' '.repeat(longestLine)}Vlan1`;
    for (const format of tableFormats) {
      const { entries, unparsed } = format.parse(`${long}\n`);
      expect(entries).toEqual([]);
      expect(unparsed).toHaveLength(1);
      expect(unparsed[0]?.text.length).toBeLessThanOrEqual(200);
    }
  });

  // Each piece repeated up to the longest line, and 20 such lines: a pattern that can match one text in many ways would not end.
  it.each([
    '0 ',
    'a ',
    ' ',
    '1:',
    '0:0:',
    'Gi1/0/1,',
    'Gi1/0/1 ',
    '[a] ',
    'router ',
    ' *',
    '(',
    '<a>',
    '<a',
    '<!--',
    '{"a":',
    '[',
    'Po1 vPC Peer-Link ',
    '9w',
    '1d',
  ])('end in good time on lines full of %j', (one) => {
    const full = one.repeat(Math.floor(longestLine / one.length));
    const starts = [
      '',
      'Internet 10.0.0.1 5 ',
      '? (10.0.0.1) at ',
      '10.0.0.1 dev e0 ',
      '* 1 dead.beef.0001 static ',
      'fe80::1 0 dead.beef.0001 ',
    ];
    const shown = Array.from({ length: 20 }, (_, index) =>
      `${starts[index % starts.length]}${full}`.slice(0, longestLine),
    ).join('\n');
    for (const format of tableFormats) format.parse(shown);
    expect(detectFormat(shown).closest.length).toBeLessThanOrEqual(3);
  });

  const isThere = existsSync(realdata);
  (isThere ? it : it.skip)('are read without an error when a real table is cut, doubled or has bytes changed', () => {
    const samples = tableSamples()
      .filter(({ file }) => whyOutOfScope(file) === undefined)
      .map(({ file }) => readSample(file));
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        (sample, at, length, byte) => {
          const start = at % (sample.length + 1);
          const mutated = `${sample.slice(0, start)}${String.fromCharCode(byte)}${sample.slice(start + (length % 40))}`;
          const { format } = detectFormat(mutated);
          const lines = mutated.split('\n').length;
          if (format !== undefined) expect(format.parse(mutated).unparsed.length).toBeLessThanOrEqual(lines);
        },
      ),
      { numRuns: 300 },
    );
  });
});
