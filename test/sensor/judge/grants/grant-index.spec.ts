import fc from '../../../support/property.js';
import { GrantChanges, type GrantRecords, mapGrants } from '../../../../projections/index.js';
import { GrantIndex } from '../../../../src/sensor/judge/grants/grant-index.js';
import { answersOf, foldOfPages, netboot, paged, pagedLogs } from './grant-answers.js';

function indexed(records: Iterable<GrantRecords>): GrantIndex {
  const index = new GrantIndex();
  for (const page of records) index.take(page);
  return index;
}

describe('the packed index of grants', () => {
  it('fed with changes answers every question as the map does, and as one built anew from a snapshot', () => {
    fc.assert(
      fc.property(pagedLogs, ({ log, pages }) => {
        const { fold, next } = foldOfPages();
        const index = new GrantIndex();
        for (const page of paged(log, pages)) index.take(next(page));
        const expected = answersOf(mapGrants(fold.map, fold.ordinal, netboot));
        expect(answersOf(index)).toEqual(expected);
        expect(answersOf(indexed(new GrantChanges(fold.map, netboot).all(() => fold.ordinal, 2)))).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});
