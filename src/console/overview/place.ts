import type { PageOf } from '../page.js';

/** The lists of servers behind the numbers, as the API names them. */
export const lists = ['billed-not-seen', 'seen-not-billed', 'billed-not-pushed', 'pushed-not-billed'] as const;
export type List = (typeof lists)[number];

/** The engine on one page, or the servers behind one of its numbers. */
export type OverviewPlace =
  { readonly view: 'overview' } | { readonly view: 'difference'; readonly list: List; readonly cursor?: string };

export const overviewPage: PageOf<OverviewPlace> = {
  name: 'Overview',
  letter: 'o',
  step: 'overview',
  needs: 'GET /v1/overview',
  start: { view: 'overview' },
  views: ['overview', 'difference'],
  read([name], query) {
    const list = lists.find((one) => one === name);
    const cursor = query.get('cursor');
    if (list === undefined) return { view: 'overview' };
    return { view: 'difference', list, ...(cursor !== null && cursor !== '' && { cursor }) };
  },
  write(place) {
    if (place.view === 'overview') return { steps: [] };
    const { list, cursor } = place;
    return { steps: [list], ...(cursor !== undefined && { query: new URLSearchParams({ cursor }) }) };
  },
};
