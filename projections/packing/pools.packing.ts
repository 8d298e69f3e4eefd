import type { AddressPoolAdded, AnyPrefix, IpAddress, PoolId, PoolPurpose } from '../../events/index.js';
import type { PoolRow } from '../pools.projection.js';
import type { Packing } from './packing.js';
import type { RowReader } from './row-reader.js';

/** Few: their words are kept as texts. */
export const packedPools: Packing<PoolRow> = {
  pack({ declaration }, into) {
    const { value } = declaration;
    into.stamp(declaration);
    into.flag(value !== undefined);
    if (value === undefined) return;
    for (const text of [value.prefix, value.site, value.purpose]) into.text(text);
    into.flag(value.reserved !== undefined);
    if (value.reserved === undefined) return;
    into.whole(value.reserved.length);
    for (const address of value.reserved) into.text(address);
  },
  unpack(key, from) {
    const { time, ordinal } = from.stamp();
    const value = from.flag() ? added(key as PoolId, from) : undefined;
    return { poolId: key as PoolId, declaration: { value, time, ordinal } };
  },
};

function added(poolId: PoolId, from: RowReader): AddressPoolAdded {
  const [prefix, site, purpose] = [from.text() as AnyPrefix, from.text(), from.text() as PoolPurpose];
  if (!from.flag()) return { poolId, prefix, site, purpose };
  const reserved: IpAddress[] = [];
  for (let left = from.whole(); left > 0; left--) reserved.push(from.text() as IpAddress);
  return { poolId, prefix, site, purpose, reserved };
}
