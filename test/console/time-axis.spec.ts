import fc from '../support/property.js';
import { axisOf, ordinalAt, timeOf } from '../../src/console/time/time-axis.js';

/** Stretches of time one after another with gaps between them, and how many events were recorded in each. */
const bucketsOf = (counts: readonly (readonly [gap: number, events: number])[]) => {
  let [at, first] = [Date.parse('2026-01-01T00:00:00Z'), 0];
  return counts.map(([gap, events]) => {
    const from = at + gap * 1000;
    at = from + 60_000;
    first += events;
    return {
      ...{ events, first: first - events, kinds: { billing: events } },
      from: new Date(from).toISOString(),
      to: new Date(at).toISOString(),
    };
  });
};
const some = fc.array(fc.tuple(fc.nat(5_000), fc.integer({ min: 1, max: 5_000 })), { minLength: 1, maxLength: 20 });

describe('the axis of time', () => {
  it('finds each event again at the time it shows it at', () => {
    fc.assert(
      fc.property(some, fc.nat(), (counts, any) => {
        const axis = axisOf(bucketsOf(counts));
        if (axis === undefined) throw new Error('The log is not empty.');
        const ordinal = any % (axis.last + 1);
        expect(ordinalAt(axis, timeOf(axis, ordinal))).toBe(ordinal);
        expect([ordinalAt(axis, axis.from - 1), ordinalAt(axis, axis.to)]).toEqual([0, axis.last]);
      }),
    );
  });

  it('is none for an empty log', () => expect(axisOf([])).toBeUndefined());
});
