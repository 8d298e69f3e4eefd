import type { ServerId } from '../../../events/index.js';
import type { NetworkMap } from '../../../projections/index.js';
import type { FindIndex, Owner } from './find-index.js';

/** The servers that have this customer now, in no order, found by the index, which must be ready; no more are looked for than `most`. */
export function serversOfCustomer(
  map: NetworkMap,
  index: Pick<FindIndex, 'loose' | 'visit'>,
  customer: string,
  most = Number.POSITIVE_INFINITY,
): ReadonlySet<ServerId> {
  const servers = new Set<ServerId>();
  const take = ({ source, key }: Owner): void => {
    const row = source === 'assignments' ? map.assignments.get(key) : undefined;
    if (row?.customer?.value === customer) servers.add(row.serverId);
  };
  for (const owner of index.loose()) take(owner);
  const key = customer.toLowerCase();
  index.visit('customer', 'whole', [key, key], (name, owner) => {
    if (name.length !== key.length || servers.size > most) return 'enough';
    take(owner);
    return 'next';
  });
  return servers;
}
