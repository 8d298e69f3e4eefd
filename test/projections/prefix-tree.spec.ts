import fc from 'fast-check';
import { expectSame } from '../support/told.js';
import type { Ipv6Words } from '../../events/index.js';
import { PrefixTree } from '../../projections/prefix-tree.js';

interface Prefix {
  readonly words: Ipv6Words;
  readonly length: number;
}

const bits = ({ words, length }: Prefix): string =>
  words
    .map((word) => word.toString(2).padStart(32, '0'))
    .join('')
    .slice(0, length);

function prefixOf(text: string): Prefix {
  const full = text.padEnd(128, '0');
  const word = (index: number): number => Number.parseInt(full.slice(index * 32, index * 32 + 32), 2);
  return { words: [word(0), word(1), word(2), word(3)], length: text.length };
}

/** Prefixes that often share a start, of every length from 1 to 128. */
const prefixes = fc
  .tuple(
    fc.constantFrom('', '0010', '00100000000000010000110110111000'),
    fc.string({ unit: fc.constantFrom('0', '1'), maxLength: 128 }),
    fc.integer({ min: 1, max: 128 }),
    fc.boolean(),
  )
  .map(([start, rest, length, far]) =>
    prefixOf(`${start}${far ? '0'.repeat(60) : ''}${rest}`.padEnd(128, '0').slice(0, length)),
  );
const close = fc.string({ unit: fc.constantFrom('0', '1'), minLength: 1, maxLength: 6 }).map(prefixOf);
const steps = fc.array(fc.record({ prefix: fc.oneof(prefixes, close), remove: fc.boolean(), which: fc.nat() }), {
  maxLength: 60,
  size: 'max',
});

describe('the prefix tree', () => {
  it('finds what covers and what lies inside a prefix exactly as a look at every prefix does', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.oneof(prefixes, close), { minLength: 5 }), (history, questions) => {
        const tree = new PrefixTree<Prefix>();
        let naive: Prefix[] = [];
        for (const { prefix, remove, which } of history) {
          const old = naive[which % Math.max(1, naive.length)];
          if (remove && old !== undefined) {
            tree.remove(old.words, old.length, old);
            naive = naive.filter((one) => one !== old);
          } else {
            tree.add(prefix.words, prefix.length, prefix);
            naive.push(prefix);
          }
        }
        for (const asked of [...questions, ...history.map((step) => step.prefix)]) {
          const key = bits(asked);
          const covering = [...tree.covering(asked.words, asked.length)];
          const inside = [...tree.inside(asked.words, asked.length)];
          expectSame(
            covering.map((one) => one.length),
            covering.map((one) => one.length).sort((a, b) => a - b),
          );
          expectSame(
            covering.map(bits).sort(),
            naive
              .map(bits)
              .filter((one) => key.startsWith(one))
              .sort(),
          );
          expectSame(
            inside.map(bits).sort(),
            naive
              .map(bits)
              .filter((one) => one.length > key.length && one.startsWith(key))
              .sort(),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves nothing behind when everything is removed', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(prefixes, close)), (all) => {
        const tree = new PrefixTree<Prefix>();
        for (const one of all) tree.add(one.words, one.length, one);
        for (const one of all) tree.remove(one.words, one.length, one);
        expect(tree).toEqual(new PrefixTree<Prefix>());
      }),
    );
  });

  it('leaves alone what was never added', () => {
    const tree = new PrefixTree<string>();
    tree.add(prefixOf('0010').words, 4, 'held');
    tree.remove(prefixOf('00101').words, 5, 'held');
    tree.remove(prefixOf('0010').words, 4, 'other');
    expectSame([...tree.covering(prefixOf('00101').words, 5)], ['held']);
  });
});
