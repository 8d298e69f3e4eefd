import type { CustomerId } from '../../events/index.js';
import type { Belongings, Released } from './kind.js';

/** What was given back and is had again was not given back; the latest ended first. */
export function whatIsLeft<Thing extends number | string>({
  customerId,
  held,
  released,
  claimed,
}: Belongings<Thing>): Belongings<Thing> | undefined {
  const ended = released.filter((one) => held.every(({ thing }) => thing !== one.thing)).sort(lastFirst);
  if (held.length + ended.length + claimed.length === 0) return undefined;
  return { customerId, held: kept(held), released: kept(ended), claimed: kept(claimed) };
}

/** No more room than its items take: a list that was built up keeps room for many, and there may be a million of them. */
const kept = <Item>(list: readonly Item[]): readonly Item[] => (list.length === 0 ? none : list.slice());
const none: readonly never[] = [];

/** What was given back last first. */
export function lastFirst<Thing extends number | string>(a: Released<Thing>, b: Released<Thing>): number {
  return b.until - a.until || (a.thing < b.thing ? -1 : 1);
}

/** Whose it is, and whose what was given back was. */
export function customersOf<Thing>(one: Belongings<Thing> | undefined): ReadonlySet<CustomerId> {
  // What is claimed beside is not looked for by customer.
  if (one === undefined || one.held.length + one.released.length === 0) return new Set();
  const all = [one.customerId, ...one.released.map(({ customerId }) => customerId)];
  return new Set(all.flatMap((customerId) => customerId ?? []));
}
