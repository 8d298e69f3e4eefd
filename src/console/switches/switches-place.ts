import type { PageOf } from '../page.js';

/** All switches, or the front of one; `state` keeps what is in one of these states in sight, with commas. */
export type SwitchesPlace =
  | { readonly view: 'switches'; readonly text?: string; readonly state?: string; readonly after?: string }
  | { readonly view: 'switch'; readonly switch: string; readonly state?: string };

export const switchesPage: PageOf<SwitchesPlace> = {
  name: 'Switches',
  letter: 's',
  step: 'switches',
  needs: 'GET /v1/switches',
  start: { view: 'switches' },
  views: ['switches', 'switch'],
  keys: () => [
    ['← → ↑ ↓', 'On a front: the port beside, above or below it on the metal'],
    ['Home End', 'On a front: the first, the last port of the row'],
    ['Enter', 'On a front: the page of the port'],
  ],
  read: ([name], query) => {
    const state = query.get('state') || undefined;
    if (name !== undefined) return { view: 'switch', switch: name, ...(state !== undefined && { state }) };
    const [text, after] = [query.get('q') || undefined, query.get('after') || undefined];
    return {
      view: 'switches',
      ...(text !== undefined && { text }),
      ...(state !== undefined && { state }),
      ...(after !== undefined && { after }),
    };
  },
  write: (place) => {
    const query = new URLSearchParams();
    if (place.view === 'switches' && place.text !== undefined) query.set('q', place.text);
    if (place.state !== undefined) query.set('state', place.state);
    if (place.view === 'switches' && place.after !== undefined) query.set('after', place.after);
    return { steps: place.view === 'switch' ? [place.switch] : [], query };
  },
};
