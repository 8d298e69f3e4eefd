import { FreeNumbers, mostNumbers } from '../../../projections/allocation/free-numbers.js';
import fc from '../../support/property.js';

/** Sizes around the ends of words and levels. */
const size = fc.oneof(
  fc.integer({ min: 1, max: 200 }),
  fc.constantFrom(31, 32, 33, 1_023, 1_024, 1_025, 32_767, 32_768, 32_769),
);

describe('free numbers', () => {
  it('are those of a set that is walked, whatever is taken and given back', () => {
    const step = fc.record({
      isTake: fc.boolean(),
      at: fc.nat({ max: 0x7fffffff }),
      run: fc.integer({ min: 1, max: 80 }),
    });
    fc.assert(
      fc.property(
        size,
        fc.array(step, { maxLength: 40 }),
        fc.array(fc.nat({ max: 0x7fffffff })),
        (count, steps, asked) => {
          const numbers = new FreeNumbers(count);
          const naive = new Set(Array.from({ length: count }, (_, number) => number));
          for (const { isTake, at, run } of steps)
            for (let number = at % count; number < Math.min(count, (at % count) + run); number++) {
              if (isTake) expect(numbers.take(number)).toBe(naive.delete(number));
              else expect(numbers.give(number)).toBe(!naive.has(number));
              naive[isTake ? 'delete' : 'add'](number);
            }
          expect(numbers.free).toBe(naive.size);
          for (const from of [0, count - 1, count, ...asked.map((one) => one % count)]) {
            const first = [...naive].filter((number) => number >= from).sort((a, b) => a - b)[0];
            expect(numbers.nextFree(from)).toBe(first);
            if (from < count) expect(numbers.isFree(from)).toBe(naive.has(from));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([1, 31, 32, 33, 1_024, 1_025, 40_000])('hand out each of %i once, in order, and then none', (count) => {
    const numbers = new FreeNumbers(count);
    for (let expected = 0; expected < count; expected++) {
      const next = numbers.nextFree();
      if (next !== expected || !numbers.take(next)) throw new Error(`The number after ${expected - 1} is ${next}.`);
    }
    expect([numbers.nextFree(), numbers.free]).toEqual([undefined, 0]);
    numbers.give(count - 1);
    expect([numbers.nextFree(), numbers.nextFree(count - 1), numbers.free]).toEqual([count - 1, count - 1, 1]);
  });

  it('are asked only for what they are', () => {
    const numbers = new FreeNumbers(40);
    for (const wrong of [-1, 40, 1.5, Number.NaN]) expect(() => numbers.take(wrong)).toThrow('is not one of 0 to 39');
    for (const wrong of [0, -1, 1.5, mostNumbers + 1])
      expect(() => new FreeNumbers(wrong)).toThrow('expected 1 to 268435456');
  });
});

describe('a span of free numbers', () => {
  it('is taken and given back as if number by number', () => {
    const size = 3_000;
    const spans = fc.array(fc.tuple(fc.nat(size), fc.nat(size), fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(spans, (all) => {
        const [whole, single] = [new FreeNumbers(size), new FreeNumbers(size)];
        for (const [a, b, isFree] of all) {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          whole.setSpan(from, to, isFree);
          for (let number = from; number < to; number++) {
            if (isFree) single.give(number);
            else single.take(number);
          }
          expect(whole.free).toBe(single.free);
          for (const place of [0, from, to, a]) expect(whole.nextFree(place)).toBe(single.nextFree(place));
        }
      }),
    );
  });
});
