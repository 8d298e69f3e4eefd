import { formatPrefix, type Ipv6Prefix, type Ipv6Words, prefixBits } from '../../../events/index.js';
import { PrefixRange } from '../../../projections/allocation/prefix-range.js';
import fc from '../../support/property.js';

const wordBits = 32n;
const allBits = 128n;

function numberOf(words: Ipv6Words): bigint {
  return words.reduce((sum, word) => (sum << wordBits) | BigInt(word), 0n);
}
function prefixAt(number: bigint, length: number): Ipv6Prefix {
  const word = (index: number): number => Number((number >> (96n - BigInt(index) * wordBits)) & 0xffffffffn);
  return formatPrefix([word(0), word(1), word(2), word(3)], length);
}
const sizeOf = (length: number): bigint => 1n << (allBits - BigInt(length));

/** A range of at most 4096 prefixes around 2001:db8::/32, wider or narrower than that. */
const ranges = fc.integer({ min: 36, max: 64 }).chain((unit) =>
  fc.record({
    unit: fc.constant(unit),
    length: fc.integer({ min: Math.max(24, unit - 12), max: unit }),
    at: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    marks: fc.array(
      fc.record({
        length: fc.integer({ min: 24, max: 128 }),
        at: fc.bigInt({ min: 0n, max: (1n << 104n) - 1n }),
        isFree: fc.boolean(),
      }),
      { maxLength: 30 },
    ),
    reserved: fc.option(fc.bigInt({ min: 0n, max: (1n << 104n) - 1n }), { nil: undefined }),
  }),
);
const base = 0x2001_0d00n << 96n;

describe('the prefixes of one length in a wider one', () => {
  it('are marked, counted and handed out as their addresses say, also across the 32nd bit', () => {
    fc.assert(
      fc.property(ranges, ({ unit, length, at, marks, reserved }) => {
        const start = (((base | (at << 40n)) / sizeOf(length)) * sizeOf(length)) & ((1n << allBits) - 1n);
        const inside = (offset: bigint, bits: number): bigint => {
          const found = start + (offset % sizeOf(length));
          return (found / sizeOf(bits)) * sizeOf(bits);
        };
        const host = reserved === undefined ? undefined : inside(reserved, 128);
        const kept = host === undefined ? [] : [prefixAt(host, 128).slice(0, -4) as never];
        const range = PrefixRange.of(prefixAt(start, length), unit, kept);
        if (range === undefined) throw new Error('It has a range.');
        const count = 1 << (unit - length);
        const free = new Array<boolean>(count).fill(true);
        const meets = (index: number, from: bigint, bits: number): boolean => {
          const unitStart = start + BigInt(index) * sizeOf(unit);
          return from < unitStart + sizeOf(unit) && unitStart < from + sizeOf(bits);
        };
        const keepBack = (): void =>
          free.forEach((_, index) => host !== undefined && meets(index, host, 128) && (free[index] = false));
        keepBack();
        for (const { length: bits, at: offset, isFree } of marks) {
          const from = inside(offset, bits);
          const prefix = prefixAt(from, bits);
          const met = free.map((_, index) => meets(index, from, bits));
          expect(range.overlaps(prefix)).toBe(true);
          expect(range.count(prefix)).toBe(met.filter(Boolean).length);
          expect(range.isUnit(prefix)).toBe(bits >= unit);
          if (bits >= unit) expect(prefixBits(range.unitOf(prefix)).length).toBe(unit);
          range.mark(prefix, isFree);
          met.forEach((isMet, index) => isMet && (free[index] = isFree));
          keepBack();
          expect(range.free.free).toBe(free.filter(Boolean).length);
          const first = free.indexOf(true);
          expect(range.next()).toBe(first < 0 ? undefined : prefixAt(start + BigInt(first) * sizeOf(unit), unit));
        }
        expect(range.size).toBe(count);
        expect(numberOf(prefixBits(range.prefix).words)).toBe(start);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['192.0.2.0/24', 64],
    ['2001:db8::/65', 64],
    ['2001:db8::/49', 48],
    ['2001:db8::/32', 64],
  ])('are none in %s of length %i: of another family, too long, or too many', (prefix, unit) => {
    expect(PrefixRange.of(prefix, unit)).toBeUndefined();
  });
});
