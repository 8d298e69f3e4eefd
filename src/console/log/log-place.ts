import type { PageOf } from '../page.js';

/** The filters of the log, by the names the API knows them by. */
export const logFilterNames = ['stream', 'beginning', 'type', 'notType', 'source', 'recorded', 'time'] as const;
export type LogFilterName = (typeof logFilterNames)[number];
export type LogFilter = Partial<Record<LogFilterName, string>>;

/** The events that fit, one of them opened beside the list. */
export interface EventsPlace extends LogFilter {
  readonly view: 'log';
  /** Oldest first; otherwise newest first. */
  readonly oldest?: true;
  /** The list begins with this ordinal instead of the end of the log. */
  readonly from?: number;
  /** The event that is opened. */
  readonly ordinal?: number;
}

/** What the log is made of, what is parked in it, and what is proved of it. */
export interface LogStatePlace {
  readonly view: 'log-state';
}

export type LogPlace = EventsPlace | LogStatePlace;

export const logPage: PageOf<LogPlace> = {
  name: 'Log',
  letter: 'l',
  step: 'log',
  needs: 'GET /v1/log',
  start: { view: 'log' },
  views: ['log', 'log-state'],
  keys: () => [
    ['j  k', 'next and previous event'],
    ['Enter', 'open it'],
    ['Esc', 'close it'],
    ['n', 'show the new events'],
    ['/', 'filter by stream'],
  ],
  read([step], query) {
    if (step === 'state') return { view: 'log-state' };
    const filter: LogFilter = {};
    for (const name of logFilterNames) {
      const text = query.get(name);
      if (text !== null && text !== '') filter[name] = text;
    }
    const [from, ordinal] = [ordinalOf(query.get('from')), ordinalOf(step)];
    return {
      view: 'log',
      ...filter,
      ...(query.get('order') === 'oldest' && { oldest: true as const }),
      ...(from !== undefined && { from }),
      ...(ordinal !== undefined && { ordinal }),
    };
  },
  write(place) {
    if (place.view === 'log-state') return { steps: ['state'] };
    const query = queryOf(filterOf(place));
    if (place.oldest === true) query.set('order', 'oldest');
    if (place.from !== undefined) query.set('from', String(place.from));
    return { steps: place.ordinal === undefined ? [] : [String(place.ordinal)], query };
  },
};

/** Only the filters of a place. */
export function filterOf(place: EventsPlace): LogFilter {
  const filter: LogFilter = {};
  for (const name of logFilterNames) if (place[name] !== undefined) filter[name] = place[name];
  return filter;
}

/** The filters as a query, in one order. */
export function queryOf(filter: LogFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of logFilterNames) if (filter[name] !== undefined) query.set(name, filter[name]);
  return query;
}

/** An ordinal as a hand writes it, with `#` or without. */
export function ordinalOf(text: string | null | undefined): number | undefined {
  const digits = /^#?(\d{1,15})$/.exec(text?.trim() ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
