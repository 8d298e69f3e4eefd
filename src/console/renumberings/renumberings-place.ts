import type { PageOf } from '../page.js';

/** The renumberings that fit, or one of them. */
export type RenumberingsPlace =
  | {
      readonly view: 'renumberings';
      readonly state?: string;
      /** Who has to do something. */
      readonly waits?: string;
      readonly text?: string;
    }
  | { readonly view: 'renumbering'; readonly renumberingId: string };

const names = ['state', 'waits', 'text'] as const;

export const renumberingsPage: PageOf<RenumberingsPlace> = {
  name: 'Renumberings',
  letter: 'r',
  step: 'renumberings',
  needs: 'GET /v1/renumberings',
  start: { view: 'renumberings' },
  views: ['renumberings', 'renumbering'],
  read([renumberingId], query) {
    if (renumberingId !== undefined) return { view: 'renumbering', renumberingId };
    const given = names.flatMap((name) => {
      const text = query.get(name) ?? '';
      return text === '' ? [] : [[name, text] as const];
    });
    return { view: 'renumberings', ...Object.fromEntries(given) };
  },
  write(place) {
    if (place.view === 'renumbering') return { steps: [place.renumberingId] };
    const query = new URLSearchParams();
    for (const name of names) {
      const text = place[name];
      if (text !== undefined) query.set(name, text);
    }
    return { steps: [], query };
  },
};
