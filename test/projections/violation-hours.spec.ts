import fc from '../support/property.js';
import { dayOf, hourMs, sumOfDays } from '../../projections/index.js';
import { type HeardFrames, type HeardHours, hoursWith } from '../../projections/violation-hours.js';

const at = (hour: number, minute = 0): number => (490_000 + hour) * hourMs + minute * 60_000;
const heard = (...frames: readonly (readonly [first: number, last: number, count: number])[]): HeardHours =>
  frames.reduce<HeardHours>((hours, [first, last, count]) => hoursWith(hours, { first, last, count }), { hours: [] });
const ending = (...last: number[]): number[] => [...Array<number>(24 - last.length).fill(0), ...last];

describe('the hours in which a violation was heard', () => {
  it('count each frame in the hour it was captured in', () => {
    const row = heard([at(0), at(0), 1], [at(0, 5), at(0, 59), 7], [at(2), at(2, 1), 3]);
    expect(dayOf(row, at(2, 30))).toEqual({ frames: ending(8, 0, 3), exact: true });
  });

  it('move along with the time they are asked at, and forget what is older than a day', () => {
    const row = heard([at(0), at(0), 5], [at(3), at(3), 2]);
    expect(dayOf(row, at(25)).frames.indexOf(2)).toBe(1);
    expect(dayOf(row, at(25)).frames).not.toContain(5);
    expect(dayOf(row, at(23)).frames[0]).toBe(5);
    expect(dayOf(row, at(27))).toEqual({ frames: ending(), exact: true });
    expect(dayOf(row, at(-30)).frames).toEqual(ending());
  });

  it('say so while a number covers several hours, and no longer than it is shown', () => {
    expect(dayOf(heard([at(0, 59), at(1, 1), 2]), at(1))).toEqual({ frames: ending(1, 1), exact: true });
    const guessed = heard([at(0, 59), at(1, 1), 10]);
    expect(dayOf(guessed, at(1))).toEqual({ frames: ending(1, 9), exact: false });
    expect(dayOf(guessed, at(24)).exact).toBe(false);
    expect(dayOf(guessed, at(25)).exact).toBe(true);
    expect(dayOf(heard([at(0, 59), at(1, 1), 10], [at(2), at(2), 1]), at(2)).exact).toBe(false);
  });

  it('are summed for a group, which is exact when all of it is', () => {
    const days = [heard([at(1), at(1), 2]), heard([at(0, 59), at(1, 1), 10])].map((row) => dayOf(row, at(1)));
    expect(sumOfDays(days)).toEqual({ frames: ending(1, 11), exact: false });
    expect(sumOfDays([])).toEqual({ frames: ending(), exact: true });
  });

  it('are kept of the last day alone, however long it goes on', () => {
    const row = heard(...Array.from({ length: 30 }, (_, hour) => [at(hour), at(hour), 1] as const));
    expect(row.hours.filter((_, index) => index % 2 === 0)).toEqual(
      Array.from({ length: 24 }, (_, hour) => 490_006 + hour),
    );
  });

  it('are at most 24, of frames told in any order, and the same as counted anew', () => {
    const frame = fc.record({ hour: fc.integer({ min: 0, max: 60 }), minutes: fc.nat(59), count: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 40 }), (frames) => {
        const told: HeardFrames[] = frames.map(({ hour, minutes, count }) => ({
          first: at(hour),
          last: at(hour, minutes),
          count,
        }));
        const row = told.reduce<HeardHours>((hours, one) => hoursWith(hours, one), { hours: [] });
        expect(row.hours.length).toBeLessThanOrEqual(48);
        const counted = frames.filter(({ count }) => count > 0);
        const newest = Math.max(0, ...counted.map(({ hour }) => hour));
        // What came late for a whole day is not counted any more; what was kept then may have grown old since.
        let latest = -1;
        const inTime = counted.filter(({ hour }) => {
          latest = Math.max(latest, hour);
          return hour > latest - 24 && hour > newest - 24;
        });
        const expected = Array.from({ length: 24 }, (_, place) =>
          inTime.filter(({ hour }) => hour === newest - 23 + place).reduce((sum, { count }) => sum + count, 0),
        );
        expect(dayOf(row, at(newest))).toEqual({ frames: expected, exact: true });
      }),
      { numRuns: 300 },
    );
  });

  it('count a capture of a broken clock in the first hour of all', () => {
    expect(heard([-5 * hourMs, -5 * hourMs, 3]).hours).toEqual([0, 3]);
  });
});
