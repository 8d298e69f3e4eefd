import fc from '../../../support/property.js';
import { DatedGrants } from '../../../../src/sensor/judge/grants/dated-grants.js';
import { GrantIndex } from '../../../../src/sensor/judge/grants/grant-index.js';
import { answersOf, foldOfPages, paged, pagedLogs } from './grant-answers.js';

const windowMs = 5_000;

describe('grants over time', () => {
  it('answer as of any moment of the window what an index of the changes recorded until then answers', () => {
    fc.assert(
      fc.property(
        pagedLogs,
        fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 80, maxLength: 80 }),
        fc.array(fc.integer({ min: 0, max: windowMs }), { minLength: 1, maxLength: 4 }),
        ({ log, pages }, waits, ages) => {
          const { next } = foldOfPages();
          const dated = new DatedGrants(windowMs);
          const made = [...paged(log, pages)].map((page, index) => ({ records: next(page), wait: waits[index] ?? 0 }));
          let now = 1_000_000;
          const recorded = made.map(({ records, wait }) => {
            now += wait;
            dated.take(records, now);
            dated.advance(now);
            return { records, at: now };
          });
          for (const age of ages) {
            const then = new GrantIndex();
            for (const { records, at } of recorded) if (at <= now - age) then.take(records);
            expect(answersOf(dated.asOf(now - age))).toEqual(answersOf(then));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('forget what was before a change once its window is over', () => {
    const dated = new DatedGrants(windowMs);
    const { next } = foldOfPages();
    dated.take(next([]), 1_000);
    expect(dated.asOf(999)).not.toBe(dated.index);
    dated.advance(1_000 + windowMs);
    expect(dated.asOf(999)).not.toBe(dated.index);
    dated.advance(1_001 + windowMs);
    expect(dated.asOf(999)).toBe(dated.index);
  });
});
