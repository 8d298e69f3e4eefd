import type { AddOnId, Ipv4Address, PoolId } from '../events/index.js';
import type { AddOn, AssignmentRow } from './assignments.projection.js';
import type { Register, Stamp } from './register.js';

/** The address that our own allocator chose for an add-on last. */
export interface Allocated extends Register<Ipv4Address> {
  readonly id: AddOnId;
  readonly poolId: PoolId;
}

/** The address that an add-on has, by the fact that names it. */
export interface AddOnAddress extends Register<Ipv4Address> {
  readonly id: AddOnId;
  /** Where billing named none: the pool that it was taken from. */
  readonly poolId: PoolId | undefined;
}

type AddOns = Pick<AssignmentRow, 'addOns' | 'allocated'>;

/** The address of an add-on: the one that billing names, else the one allocated; undefined while it has none. */
export function addressOf({ id, value, time, ordinal }: AddOn, { allocated }: AddOns): AddOnAddress | undefined {
  if (value.state === 'cancelled') return undefined;
  if (value.address !== undefined) return { id, value: value.address, poolId: undefined, time, ordinal };
  return allocated.find((one) => one.id === id);
}

/** Every address that an add-on of the row has, by add-on. */
export function* addOnAddresses(row: AddOns): Iterable<AddOnAddress> {
  for (const addOn of row.addOns) {
    const address = addressOf(addOn, row);
    if (address !== undefined) yield address;
  }
}

/** The add-ons bought without an address for which none is allocated, each with the stamp of its purchase. */
export function unallocatedAddOns(row: AddOns): (Stamp & { readonly id: AddOnId })[] {
  return row.addOns.filter((one) => one.value.state === 'bought' && addressOf(one, row) === undefined);
}
