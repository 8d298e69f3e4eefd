import fc from '../support/property.js';
import { homeOf, pageOf, pages, pagesFor, pathOf, type Place, placeOf } from '../../src/console/place.js';
import { anyPlace } from './places.js';

const readAgain = (place: Place): Place | undefined => {
  const { pathname, search } = new URL(pathOf(place), 'http://engine');
  return placeOf(pathname, search);
};

describe('an address of the console', () => {
  it.each(Object.entries(anyPlace))('shows somebody else the same, whatever is in it: %s', (_view, places) => {
    fc.assert(fc.property(places as fc.Arbitrary<Place>, (place) => expect(readAgain(place)).toEqual(place)));
  });

  it.each(['/console/', '/console', '/console/nothing', '/console/%zz', '/elsewhere'])(
    'that names no page is no place: %s',
    (path) => expect(placeOf(path, '')).toBeUndefined(),
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

describe('the table of pages', () => {
  it('has each first step, letter and view once', () => {
    for (const all of [
      pages.map(({ step }) => step),
      pages.map(({ letter }) => letter),
      pages.flatMap(({ views }) => views),
    ])
      expect(new Set<string>(all).size).toBe(all.length);
  });

  it('has a page for every view, and the bar leads into it', () => {
    expect(pages.flatMap(({ views }) => views).toSorted()).toEqual(Object.keys(anyPlace).toSorted());
    for (const page of pages) {
      expect(pageOf(page.start)).toBe(page);
      expect(readAgain(page.start)).toEqual(page.start);
    }
  });

  it('shows a reader the pages of their permissions, and the first of them where they named none', () => {
    const viewer = { permissions: ['GET /v1/map'] };
    expect(pagesFor(viewer).map(({ name }) => name)).toContain('Ports');
    expect(pagesFor(viewer).every(({ needs }) => needs === 'GET /v1/map')).toBe(true);
    expect(homeOf(viewer)).toEqual(pagesFor(viewer)[0]?.start);
    expect(pagesFor({ permissions: [] })).toEqual([]);
  });
});
