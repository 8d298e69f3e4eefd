import { type Grouping, groupings } from './grouped.js';

/** The filters of the list, by the names the API knows them by; a text may name several, with commas. */
export const filterNames = [
  'state',
  'severity',
  'rule',
  'site',
  'switch',
  'port',
  'customer',
  'victim',
  'offender',
  'offender-server',
  'offender-customer',
  'victim-server',
  'unknown',
  'assignee',
  'muted',
  'q',
  'newSince',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Partial<Record<FilterName, string>>;

/** What the page shows, wholly told by its address: copied, it shows somebody else the same. */
export type Place =
  | { readonly view: 'feed'; readonly filter: Filter; readonly group?: Grouping; readonly open?: string }
  | { readonly view: 'ports' }
  | { readonly view: 'port'; readonly port: string };

const base = '/console/';
export const feed: Place = { view: 'feed', filter: {} };

/** Reads an address; one that names nothing known is the feed. */
export function placeOf(pathname: string, search: string): Place {
  const [view = '', name] = pathname.slice(base.length).split('/').map(decoded);
  if (view === 'ports') return name === undefined || name === '' ? { view: 'ports' } : { view: 'port', port: name };
  const query = new URLSearchParams(search);
  const filter: Partial<Record<FilterName, string>> = {};
  for (const one of filterNames) {
    const text = query.get(one);
    if (text !== null && text !== '') filter[one] = text;
  }
  const group = groupings.find((one) => one === query.get('group'));
  const open = view === 'violations' && name !== undefined && name !== '' ? name : undefined;
  return { view: 'feed', filter, ...(group && { group }), ...(open !== undefined && { open }) };
}

/** The address of a place. */
export function pathOf(place: Place): string {
  switch (place.view) {
    case 'ports':
      return `${base}ports`;
    case 'port':
      return `${base}ports/${encodeURIComponent(place.port)}`;
    case 'feed': {
      const query = queryOf(place.filter);
      if (place.group !== undefined) query.set('group', place.group);
      const text = query.toString();
      const open = place.open === undefined ? '' : `/${encodeURIComponent(place.open)}`;
      return `${base}violations${open}${text === '' ? '' : `?${text}`}`;
    }
  }
}

/** The filters as a query, in one order. */
export function queryOf(filter: Filter, names: readonly FilterName[] = filterNames): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of names) {
    const text = filter[name];
    if (text !== undefined) query.set(name, text);
  }
  return query;
}

/** A name in an address that no encoder wrote is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
