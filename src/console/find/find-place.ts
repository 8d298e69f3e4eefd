import type { PageOf } from '../page.js';

/** What has a page of its own here; a port, a violation and an event have theirs. */
export const entityKinds = ['address', 'prefix', 'mac', 'server', 'customer'] as const;
export type EntityKind = (typeof entityKinds)[number];

/** What was found by a text, or one thing and its history; `knownAt` asks what had been told by then. */
export type FindPlace =
  | { readonly view: 'find'; readonly text: string }
  | { readonly view: 'entity'; readonly kind: EntityKind; readonly name: string; readonly knownAt?: string };

export const findPage: PageOf<FindPlace> = {
  name: 'Find',
  letter: 'f',
  step: 'find',
  needs: 'GET /v1/search',
  start: { view: 'find', text: '' },
  views: ['find', 'entity'],
  read: ([kindText, name], query) => {
    const kind = entityKinds.find((one) => one === kindText);
    if (kind === undefined || name === undefined) return { view: 'find', text: query.get('q') ?? '' };
    const knownAt = query.get('knownAt');
    return { view: 'entity', kind, name, ...(knownAt === null ? {} : { knownAt }) };
  },
  write: (place) =>
    place.view === 'find'
      ? { steps: [], query: new URLSearchParams(place.text === '' ? {} : { q: place.text }) }
      : {
          steps: [place.kind, place.name],
          query: new URLSearchParams(place.knownAt === undefined ? {} : { knownAt: place.knownAt }),
        },
};
