import fc from '../support/property.js';
import { expectSame } from '../support/told.js';
import type { Ipv6Words } from '../../events/index.js';
import { PrefixTree } from '../../projections/packing/prefix-tree.js';

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

const found = (look: (visit: (value: number) => void) => void): number[] => {
  const values: number[] = [];
  look((value) => values.push(value));
  return values;
};

describe('the prefix tree', () => {
  it('finds what covers and what lies inside a prefix exactly as a look at every prefix does', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.oneof(prefixes, close), { minLength: 5 }), (history, questions) => {
        const tree = new PrefixTree();
        // The number kept for a prefix is the step that kept it.
        const naive = new Map<string, { readonly prefix: Prefix; readonly step: number }>();
        history.forEach(({ prefix, remove, which }, step) => {
          const old = [...naive.values()][which % Math.max(1, naive.size)];
          if (remove && old !== undefined) {
            tree.set(old.prefix.words, old.prefix.length, -1);
            naive.delete(bits(old.prefix));
          } else {
            tree.set(prefix.words, prefix.length, step);
            naive.set(bits(prefix), { prefix, step });
          }
        });
        const all = [...naive.values()];
        for (const asked of [...questions, ...history.map((step) => step.prefix)]) {
          const key = bits(asked);
          const ofKey = all.filter(({ prefix }) => bits(prefix) === key).map(({ step }) => step);
          expectSame(tree.get(asked.words, asked.length), ofKey[0] ?? -1);
          const around = all.filter(({ prefix }) => key.startsWith(bits(prefix)));
          expectSame(
            found((visit) => tree.covering(asked.words, asked.length, visit)),
            around.sort((a, b) => a.prefix.length - b.prefix.length).map(({ step }) => step),
          );
          const within = all.filter(({ prefix }) => prefix.length > key.length && bits(prefix).startsWith(key));
          expectSame(
            found((visit) => tree.inside(asked.words, asked.length, visit)).sort((a, b) => a - b),
            within.map(({ step }) => step).sort((a, b) => a - b),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves nothing behind when everything is removed', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(prefixes, close)), (all) => {
        const tree = new PrefixTree();
        for (const one of all) tree.set(one.words, one.length, 1);
        for (const one of all) tree.set(one.words, one.length, -1);
        expect(tree.size).toBe(0);
      }),
    );
  });

  it('leaves alone what was never added', () => {
    const tree = new PrefixTree();
    const [held, inner] = [prefixOf('0010'), prefixOf('00101')];
    tree.set(held.words, held.length, 7);
    tree.set(inner.words, inner.length, -1);
    expectSame(
      found((visit) => tree.covering(inner.words, inner.length, visit)),
      [7],
    );
    expect(tree.get(inner.words, inner.length)).toBe(-1);
  });
});
