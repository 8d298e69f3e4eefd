import { keysOfFeed } from './feed-keys.js';
import { type Grouping, groupings } from './grouped.js';
import { type Filter, type FilterName, filterNames, queryOf } from './filter.js';
import type { PageOf } from './page.js';

/** The list of violations with its filters, and one of them opened beside it. */
export interface FeedPlace {
  readonly view: 'feed';
  readonly filter: Filter;
  readonly group?: Grouping;
  readonly open?: string;
}

export const feed: FeedPlace = { view: 'feed', filter: {} };

export const feedPage: PageOf<FeedPlace> = {
  name: 'Violations',
  letter: 'v',
  step: 'violations',
  needs: 'GET /v1/violations',
  start: feed,
  views: ['feed'],
  keys: keysOfFeed,
  read([open], query) {
    const filter: Partial<Record<FilterName, string>> = {};
    for (const one of filterNames) {
      const text = query.get(one);
      if (text !== null && text !== '') filter[one] = text;
    }
    const group = groupings.find((one) => one === query.get('group'));
    return { view: 'feed', filter, ...(group && { group }), ...(open !== undefined && { open }) };
  },
  write({ filter, group, open }) {
    const query = queryOf(filter);
    if (group !== undefined) query.set('group', group);
    return { steps: open === undefined ? [] : [open], query };
  },
};
