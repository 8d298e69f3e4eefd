import fc from 'fast-check';
import { groupings } from '../../src/console/grouped.js';
import { filterNames, pathOf, type Place, placeOf } from '../../src/console/place.js';

const readAgain = (place: Place): Place => {
  const { pathname, search } = new URL(pathOf(place), 'http://engine');
  return placeOf(pathname, search);
};
// A browser takes these two for steps in a path; no port and no violation is called so.
const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => name !== '.' && name !== '..');
const filter = fc.dictionary(fc.constantFrom(...filterNames), text);

describe('an address of the console', () => {
  it('shows somebody else the same, whatever is in it', () => {
    const places: fc.Arbitrary<Place> = fc.oneof(
      fc.record(
        { view: fc.constant('feed' as const), filter, group: fc.constantFrom(...groupings), open: text },
        { requiredKeys: ['view', 'filter'] },
      ),
      fc.record({ view: fc.constant('port' as const), port: text }),
      fc.constant({ view: 'ports' as const }),
    );
    fc.assert(fc.property(places, (place) => expect(readAgain(place)).toEqual({ ...place })));
  });

  it.each(['/console/', '/console', '/console/nothing', '/console/violations', '/console/%zz'])(
    'that names nothing known is the feed: %s',
    (path) => expect(placeOf(path, '')).toEqual({ view: 'feed', filter: {} }),
  );

  it('is read with what a hand may write into it', () => {
    expect(placeOf('/console/violations/v1', '?state=new&nonsense=1&group=port&severity=')).toEqual({
      view: 'feed',
      filter: { state: 'new' },
      group: 'port',
      open: 'v1',
    });
  });
});
