import { Buffer } from 'node:buffer';
import fc from '../support/property.js';
import type { StoredEvent } from '../../events/index.js';
import { bytesOfImage, LogFold } from '../../projections/index.js';
import { foldStored, stored } from '../support/history.js';
import { asReadBack } from '../support/retold.js';
import { everythingOf, expectSame } from '../support/told.js';
import { troubledHistories } from '../support/troubled-histories.js';

const long = process.env['PORTLEDGER_LONG'] === '1';

/** All that a fold remembers, as bytes. */
function stateOf(fold: LogFold): Buffer {
  const state = Buffer.concat([...bytesOfImage(fold.image())]);
  fold.releaseImage();
  return state;
}

function restored(state: Uint8Array): LogFold {
  const fold = new LogFold();
  fold.restore(state);
  return fold;
}

const foldAll = (fold: LogFold, events: readonly StoredEvent[]): LogFold => {
  for (const event of events) fold.fold(event);
  return fold;
};

describe('a fold taken up from an image', () => {
  it('is what a full replay and a fold page by page give, in its state, its answers and whatever follows', () => {
    let histories = 0;
    let frozen = 0;
    fc.assert(
      fc.property(troubledHistories(), fc.nat(), fc.integer({ min: 1, max: 5 }), (log, point, pageSize) => {
        const events = stored(log);
        const at = point % (events.length + 1);
        const whole = foldStored(events);
        const state = stateOf(whole);

        // Page by page, the last page handed over again after each; the image is taken on the way and read at the end.
        const paged = new LogFold();
        for (let from = 0; from < events.length; from += pageSize)
          foldAll(paged, events.slice(Math.max(0, from - pageSize), from + pageSize));
        const source = foldStored(asReadBack(events.slice(0, at)));
        const early = stateOf(source);
        const image = source.image();
        foldAll(source, events.slice(at));
        const late = Buffer.concat([...bytesOfImage(image)]);
        const taken = foldAll(restored(late), asReadBack(events.slice(at)));

        expect(late.equals(early)).toBe(true);
        expect(stateOf(paged).equals(state)).toBe(true);
        expect(stateOf(source).equals(state)).toBe(true);
        expect(stateOf(taken).equals(state)).toBe(true);
        if (source.frozenStreams().length > 0) frozen++;
        if (histories++ % (long ? 1 : 10) === 0) expectSame(everythingOf(taken), everythingOf(whole));
      }),
      { numRuns: long ? 100_000 : 10_000 },
    );
    expect(frozen).toBeGreaterThan(histories / 20);
  }, 600_000);

  it('keeps what no row says: by which event a claim that waited came to hold', () => {
    let freed = 0;
    fc.assert(
      fc.property(troubledHistories(30), (log) => {
        const whole = foldStored(stored(log));
        freed += [...whole.map.bindings()].filter(({ freedAt }) => freedAt >= 0).length;
        expectSame(everythingOf(restored(stateOf(whole))), everythingOf(whole));
      }),
      { numRuns: 1_200 },
    );
    expect(freed).toBeGreaterThan(10);
  });

  it('is refused when bytes are missing or left over, and by a fold that is not empty', () => {
    fc.assert(
      fc.property(troubledHistories(), (log) => {
        const events = stored(log);
        const state = stateOf(foldStored(events));
        expect(() => restored(Buffer.concat([state, Buffer.from([0])]))).toThrow(RangeError);
        expect(() => restored(state.subarray(0, state.length - 1))).toThrow(RangeError);
        expect(() => foldStored(events).restore(state)).toThrow('use an empty one');
      }),
      { numRuns: 200 },
    );
  });
});

describe('the state of a fold', () => {
  it('is the same bytes in whatever slots its rows stand', () => {
    fc.assert(
      fc.property(troubledHistories(20), (log) => {
        const fold = foldStored(stored(log));
        const image = fold.image();
        const tables = image.tables.map((table) => ({ ...table, addresses: table.addresses.slice().reverse() }));
        const freed = new Map([...image.freed].reverse());
        const frozen = [...image.frozen].reverse();
        const other = Buffer.concat([...bytesOfImage({ ...image, tables, freed, frozen })]);
        expect(other.equals(stateOf(fold))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is told apart from any other by its bytes: equal answers and places, equal bytes', () => {
    const pair = fc.tuple(troubledHistories(8), troubledHistories(8));
    fc.assert(
      fc.property(pair, ([one, other]) => {
        const [first, second] = [foldStored(stored(one)), foldStored(stored(other))];
        const same = stateOf(first).equals(stateOf(second));
        if (same) expectSame(everythingOf(first), everythingOf(second));
        expect(stateOf(first).equals(stateOf(foldStored(stored(one))))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
