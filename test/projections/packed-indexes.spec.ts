import fc from '../support/property.js';
import { HashIndex } from '../../projections/packing/hash-index.js';
import { lengthAt, pageAt, RowHeap, startAt } from '../../projections/packing/row-heap.js';
import { SlotLists } from '../../projections/packing/slot-lists.js';
import { expectSame } from '../support/told.js';

/** Few, so that they meet: equal ones, and ones that want the same place in a small table. */
const hash = fc.oneof(
  fc.constantFrom(0, 1, 16, 17, 32, 0xffffffff, 0xfffffff0, 0x80000000),
  fc.integer({ min: 0, max: 0xffffffff }),
);

describe('an index of hashes', () => {
  it('answers as a Map does, after any setting and deleting', () => {
    const steps = fc.array(fc.record({ hash, value: fc.option(fc.nat(2 ** 31 - 2), { nil: undefined }) }), {
      maxLength: 200,
      size: 'max',
    });
    fc.assert(
      fc.property(steps, fc.array(hash), (history, questions) => {
        const index = new HashIndex();
        const naive = new Map<number, number>();
        for (const step of history) {
          if (step.value === undefined) {
            index.delete(step.hash);
            naive.delete(step.hash);
          } else {
            index.set(step.hash, step.value);
            naive.set(step.hash, step.value);
          }
          expect(index.size).toBe(naive.size);
        }
        for (const asked of [...questions, ...history.map((step) => step.hash)])
          expect(index.get(asked)).toBe(naive.get(asked) ?? -1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('lists of slots', () => {
  it('hold each slot under the hash it was added under, and no other', () => {
    const moves = fc.array(fc.record({ slot: fc.nat(30), hash: fc.option(fc.nat(5), { nil: undefined }) }), {
      maxLength: 100,
      size: 'max',
    });
    fc.assert(
      fc.property(moves, (history) => {
        const lists = new SlotLists();
        const naive = new Map<number, number>();
        for (const { slot, hash: to } of history) {
          const from = naive.get(slot);
          if (from !== undefined) lists.remove(from, slot);
          naive.delete(slot);
          if (to === undefined) continue;
          lists.add(to, slot);
          naive.set(slot, to);
        }
        for (let asked = 0; asked <= 5; asked++) {
          const found: number[] = [];
          for (let slot = lists.first(asked); slot >= 0; slot = lists.after(slot)) found.push(slot);
          const expected = [...naive].filter(([, under]) => under === asked).map(([slot]) => slot);
          expectSame(
            found.sort((a, b) => a - b),
            expected.sort((a, b) => a - b),
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a heap of rows', () => {
  const length = fc.oneof(fc.integer({ min: 0, max: 700 }), fc.constantFrom(3_000, 270_000));
  const steps = fc.array(
    fc.record({ slot: fc.nat(20), length: fc.option(length, { nil: undefined }), imaged: fc.boolean() }),
    { maxLength: 150, size: 'max' },
  );
  const filled = (bytes: number, step: number): Uint8Array => new Uint8Array(bytes).fill((step * 37 + bytes) & 255);

  /** Not by `toEqual`: to explain how a quarter of a million bytes differ takes minutes. */
  const sameBytes = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
    a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;

  it('gives back the bytes put last, and an image those that were there when it was taken', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (history, isReleased) => {
        const heap = new RowHeap();
        const naive = new Map<number, Uint8Array>();
        const images: { image: ReturnType<RowHeap['image']>; rows: Map<number, Uint8Array> }[] = [];
        history.forEach((one, step) => {
          if (one.length === undefined) {
            heap.delete(one.slot);
            naive.delete(one.slot);
          } else {
            const bytes = filled(one.length, step);
            heap.put(one.slot, bytes, 0, bytes.length);
            naive.set(one.slot, bytes);
          }
          if (one.imaged && images.length < 3) images.push({ image: heap.image(21), rows: new Map(naive) });
          if (isReleased && step === 75) for (let left = images.splice(0).length; left > 0; left--) heap.release();
        });
        for (let slot = 0; slot <= 20; slot++) {
          const bytes = naive.get(slot);
          expect(heap.has(slot)).toBe(bytes !== undefined);
          if (bytes === undefined) continue;
          const start = heap.startOf(slot);
          expect(sameBytes(heap.bytesOf(slot).slice(start, start + bytes.length), bytes)).toBe(true);
        }
        for (const { image, rows } of images)
          image.addresses.forEach((address, slot) => {
            const page = pageAt(image, address);
            const row = page?.slice(startAt(address), startAt(address) + lengthAt(page, address));
            expect(sameBytes(row, rows.get(slot))).toBe(true);
          });
      }),
      { numRuns: 150, endOnFailure: true }, // Shrinking quarters of a megabyte takes minutes and says little more.
    );
  });

  it('gives up the room of rows that were replaced', () => {
    const heap = new RowHeap();
    for (let round = 0; round < 400; round++)
      for (let slot = 0; slot < 20; slot++) heap.put(slot, filled(1_000, round), 0, 1_000);
    const held = heap.image(20).pages.reduce((bytes, page) => bytes + (page?.length ?? 0), 0);
    expect(held).toBeLessThan(1_500_000); // 8 MB were put.
  });

  it('says which slot holds no row', () => {
    expect(() => new RowHeap().bytesOf(5)).toThrow('Slot 5 holds no row');
  });
});
