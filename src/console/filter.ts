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
  'renumbering',
  'unknown',
  'assignee',
  'muted',
  'q',
  'newSince',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Partial<Record<FilterName, string>>;

/** The filters as a query, in one order. */
export function queryOf(filter: Filter, names: readonly FilterName[] = filterNames): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of names) {
    const text = filter[name];
    if (text !== undefined) query.set(name, text);
  }
  return query;
}
