import type { AddressPoolAdded, PoolPurpose } from '../../events/index.js';
import type { NetworkMap } from '../network-map.js';

/** The pools for a purpose that are in use, by id: the order in which they are handed out from. */
export function poolsInUse(map: NetworkMap, purpose: PoolPurpose): AddressPoolAdded[] {
  const declared = [...map.pools.values()].flatMap(({ declaration: { value } }) => value ?? []);
  return declared.filter((one) => one.purpose === purpose).sort((a, b) => (a.poolId < b.poolId ? -1 : 1));
}
