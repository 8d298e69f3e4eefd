import type { CustomerId, Ipv6Prefix, OrderId, PoolId } from '../../events/index.js';
import type { CustomerAllocation, CustomerOrder } from '../customer-prefixes.js';
import { delegatedIn, type DelegationRow } from '../delegations.projection.js';
import { packGrants, unpackGrants } from './grants.js';
import type { Packing } from './packing.js';
import type { RowReader } from './row-reader.js';
import type { RowWriter } from './row-writer.js';

/** Claims follow from the words: only their places in line are kept. */
export const packedDelegations: Packing<DelegationRow> = {
  pack({ prefixes, orders, allocated, formers, claims }, into) {
    packGrants(prefixes, into);
    into.whole(orders.length);
    for (const one of orders) packOrder(one, into);
    for (const list of [allocated, formers]) {
      into.whole(list.length);
      for (const one of list) packAllocation(one, into);
    }
    for (const { since } of claims) into.ordinal(since);
  },
  unpack(key, from) {
    const customerId = key as CustomerId;
    const prefixes = unpackGrants(from);
    const orders = unpackList(from, unpackOrder);
    const [allocated, formers] = [unpackList(from, unpackAllocation), unpackList(from, unpackAllocation)];
    const words = { customerId, prefixes, orders, allocated, formers };
    return { ...words, claims: delegatedIn(words, [], () => from.ordinal()) };
  },
};

function packOrder(order: CustomerOrder, into: RowWriter): void {
  into.text(order.id);
  into.stamp(order);
  into.flag(order.value !== undefined);
  if (order.value === undefined) return;
  into.text(order.value.site);
  into.byte(order.value.length);
}

function unpackOrder(from: RowReader): CustomerOrder {
  const id = from.text() as OrderId;
  const { time, ordinal } = from.stamp();
  const value = from.flag() ? { site: from.text(), length: from.byte() } : undefined;
  return { id, value, time, ordinal };
}

function packAllocation(one: CustomerAllocation, into: RowWriter): void {
  for (const text of [one.id, one.site, one.poolId, one.value]) into.text(text);
  into.stamp(one);
}

function unpackAllocation(from: RowReader): CustomerAllocation {
  const [id, site] = [from.text() as OrderId, from.text()];
  const [poolId, value] = [from.text() as PoolId, from.text() as Ipv6Prefix];
  const { time, ordinal } = from.stamp();
  return { id, site, poolId, value, time, ordinal };
}

function unpackList<Item>(from: RowReader, unpack: (from: RowReader) => Item): readonly Item[] {
  const items: Item[] = [];
  for (let left = from.whole(); left > 0; left--) items.push(unpack(from));
  return items;
}
