import {
  type AddOnId,
  type CustomerId,
  formatIpv4,
  formatMac,
  type Ipv4Address,
  ipv4Number,
  type Ipv6Address,
  type Ipv6Prefix,
  type MacAddress,
  macNumber,
  type MacPurpose,
  type OrderId,
  type PoolId,
  type PortId,
  type ServerId,
  type Vlan,
} from '../../events/index.js';
import type { Allocated } from '../add-on-addresses.js';
import {
  type AddOn,
  type AddOnState,
  type AssignmentRow,
  cancelled,
  type OtherMac,
} from '../assignments.projection.js';
import { claimsInLine } from '../claims.js';
import type { FormerAddress, FormerPrefix } from '../formers.js';
import type { AllocatedPrefix, PrefixOrder } from '../granted-prefixes.js';
import type { Register, Stamp } from '../register.js';
import { packGrants, unpackGrants } from './grants.js';
import type { Packing } from './packing.js';
import type { RowReader } from './row-reader.js';
import type { RowWriter } from './row-writer.js';

/** Which registers are there, one bit each. */
const has = { added: 1, removed: 2, customer: 4, port: 8, vlan: 16, mac: 32, linkLocal: 64, suspended: 128 };

/** Which of the rarer parts are there, one bit each. */
const rare = {
  enrolment: 1,
  enrolled: 2,
  otherMacs: 4,
  formerMacs: 8,
  formerAddresses: 16,
  allocated: 32,
  orders: 64,
  formerPrefixes: 128,
};

/** Claims follow from the registers: only their places in line are kept. */
export const packedAssignments: Packing<AssignmentRow> = {
  pack(row, into) {
    const { added, removed, customer, port, vlan, mac, linkLocal, suspended } = row;
    into.byte(registersOf(row));
    if (added !== undefined) into.stamp(added);
    if (removed !== undefined) into.stamp(removed);
    if (customer !== undefined) packText(customer, into);
    if (port !== undefined) packText(port, into);
    if (vlan !== undefined) {
      into.whole(vlan.value);
      into.stamp(vlan);
    }
    if (mac !== undefined) packText(mac, into);
    if (linkLocal !== undefined) packText(linkLocal, into);
    if (suspended !== undefined) {
      into.flag(suspended.value);
      into.stamp(suspended);
    }
    packRare(row, into);
    into.whole(row.addOns.length);
    for (const addOn of row.addOns) packAddOn(addOn, into);
    packGrants(row.prefixes, into);
    for (const claim of row.claims) into.ordinal(claim.since);
    into.ordinal(row.changedAt);
  },
  unpack(key, from) {
    const present = from.byte();
    const added = present & has.added ? from.stamp() : undefined;
    const removed = present & has.removed ? from.stamp() : undefined;
    const customer = present & has.customer ? register(from.text() as CustomerId, from) : undefined;
    const port = present & has.port ? register(from.text() as PortId, from) : undefined;
    const vlan = present & has.vlan ? register(from.whole() as Vlan, from) : undefined;
    const mac = present & has.mac ? register(from.text() as MacAddress, from) : undefined;
    const linkLocal = present & has.linkLocal ? register(from.text() as Ipv6Address, from) : undefined;
    const suspended = present & has.suspended ? register(from.flag(), from) : undefined;
    const beside = unpackRare(from);
    const addOns = unpackAddOns(from);
    const prefixes = unpackGrants(from);
    const { enrolment, enrolled, allocated, prefixOrders, allocatedPrefixes } = beside;
    const places = { port, vlan, mac, enrolment, enrolled };
    const sold = { addOns, allocated, prefixes, prefixOrders, allocatedPrefixes };
    const claiming = { added, removed, customer, ...places, ...sold };
    const claims = claimsInLine(claiming, () => from.ordinal());
    return {
      serverId: key as ServerId,
      added,
      removed,
      customer,
      port,
      vlan,
      mac,
      linkLocal,
      suspended,
      ...beside,
      addOns,
      prefixes,
      claims,
      changedAt: from.ordinal(),
    };
  },
};

function registersOf({ added, removed, customer, port, vlan, mac, linkLocal, suspended }: AssignmentRow): number {
  return (
    (added === undefined ? 0 : has.added) |
    (removed === undefined ? 0 : has.removed) |
    (customer === undefined ? 0 : has.customer) |
    (port === undefined ? 0 : has.port) |
    (vlan === undefined ? 0 : has.vlan) |
    (mac === undefined ? 0 : has.mac) |
    (linkLocal === undefined ? 0 : has.linkLocal) |
    (suspended === undefined ? 0 : has.suspended)
  );
}

type Rare = Pick<
  AssignmentRow,
  | 'enrolment'
  | 'enrolled'
  | 'otherMacs'
  | 'formerMacs'
  | 'formerAddresses'
  | 'allocated'
  | 'prefixOrders'
  | 'allocatedPrefixes'
  | 'formerPrefixes'
>;

function packRare(row: Rare, into: RowWriter): void {
  const { enrolment, enrolled, otherMacs, formerMacs, formerAddresses, allocated, formerPrefixes } = row;
  const hasOrders = row.prefixOrders.length + row.allocatedPrefixes.length > 0;
  into.byte(
    (enrolment === undefined ? 0 : rare.enrolment) |
      (enrolled === undefined ? 0 : rare.enrolled) |
      (otherMacs.length === 0 ? 0 : rare.otherMacs) |
      (formerMacs.length === 0 ? 0 : rare.formerMacs) |
      (formerAddresses.length === 0 ? 0 : rare.formerAddresses) |
      (allocated.length === 0 ? 0 : rare.allocated) |
      (hasOrders ? rare.orders : 0) |
      (formerPrefixes.length === 0 ? 0 : rare.formerPrefixes),
  );
  if (enrolment !== undefined) into.stamp(enrolment);
  if (enrolled !== undefined) packMac(enrolled.value, enrolled, into);
  if (otherMacs.length > 0) {
    into.whole(otherMacs.length);
    for (const one of otherMacs) {
      into.byte(one.value === undefined ? 0 : purposes.indexOf(one.value) + 1);
      packMac(one.mac, one, into);
    }
  }
  if (formerMacs.length > 0) {
    into.whole(formerMacs.length);
    for (const one of formerMacs) packMac(one.value, one, into);
  }
  if (formerAddresses.length > 0) {
    into.whole(formerAddresses.length);
    for (const one of formerAddresses) {
      into.text(one.id);
      into.whole(ipv4Number(one.value));
      into.stamp(one);
    }
  }
  if (allocated.length > 0) {
    into.whole(allocated.length);
    for (const one of allocated) {
      into.text(one.id);
      into.text(one.poolId);
      into.whole(ipv4Number(one.value));
      into.stamp(one);
    }
  }
  if (hasOrders) packOrders(row, into);
  if (formerPrefixes.length > 0) {
    into.whole(formerPrefixes.length);
    for (const one of formerPrefixes) {
      packMaybe(one.id, into);
      packMaybe(one.customerId, into);
      packText(one, into);
    }
  }
}

function packOrders({ prefixOrders, allocatedPrefixes }: Rare, into: RowWriter): void {
  into.whole(prefixOrders.length);
  for (const one of prefixOrders) {
    into.text(one.id);
    into.flag(one.value);
    into.stamp(one);
  }
  into.whole(allocatedPrefixes.length);
  for (const one of allocatedPrefixes) {
    into.text(one.id);
    into.text(one.customerId);
    packMaybe(one.poolId, into);
    packText(one, into);
  }
}

const purposes: readonly MacPurpose[] = ['bond', 'management', 'vrrp', 'other'];
const nothing: Rare = {
  enrolment: undefined,
  enrolled: undefined,
  otherMacs: [],
  formerMacs: [],
  formerAddresses: [],
  allocated: [],
  prefixOrders: [],
  allocatedPrefixes: [],
  formerPrefixes: [],
};

function unpackRare(from: RowReader): Rare {
  const present = from.byte();
  if (present === 0) return nothing;
  return {
    enrolment: present & rare.enrolment ? from.stamp() : undefined,
    enrolled: present & rare.enrolled ? unpackMac(from) : undefined,
    otherMacs: present & rare.otherMacs ? unpackList(from, () => unpackOtherMac(from)) : [],
    formerMacs: present & rare.formerMacs ? unpackList(from, () => unpackMac(from)) : [],
    formerAddresses: present & rare.formerAddresses ? unpackList(from, () => unpackFormer(from)) : [],
    allocated: present & rare.allocated ? unpackList(from, () => unpackAllocated(from)) : [],
    prefixOrders: present & rare.orders ? unpackList(from, () => unpackOrder(from)) : [],
    allocatedPrefixes: present & rare.orders ? unpackList(from, () => unpackAllocatedPrefix(from)) : [],
    formerPrefixes: present & rare.formerPrefixes ? unpackList(from, () => unpackFormerPrefix(from)) : [],
  };
}

function packMac(mac: MacAddress, at: Stamp, into: RowWriter): void {
  into.whole(macNumber(mac));
  into.stamp(at);
}

function unpackMac(from: RowReader): Register<MacAddress> {
  return register(formatMac(from.whole()), from);
}

function unpackOtherMac(from: RowReader): OtherMac {
  const value = purposes[from.byte() - 1];
  const { value: mac, time, ordinal } = unpackMac(from);
  return { mac, value, time, ordinal };
}

function unpackFormer(from: RowReader): FormerAddress {
  const id = from.text() as AddOnId;
  return { id, ...register(formatIpv4(from.whole()), from) };
}

function unpackAllocated(from: RowReader): Allocated {
  const [id, poolId] = [from.text() as AddOnId, from.text() as PoolId];
  return { id, poolId, ...register(formatIpv4(from.whole()), from) };
}

function unpackOrder(from: RowReader): PrefixOrder {
  const id = from.text() as OrderId;
  return { id, ...register(from.flag(), from) };
}

function unpackAllocatedPrefix(from: RowReader): AllocatedPrefix {
  const [id, customerId] = [from.text() as OrderId, from.text() as CustomerId];
  const poolId = unpackMaybe(from) as PoolId | undefined;
  return { id, customerId, poolId, ...register(from.text() as Ipv6Prefix, from) };
}

function unpackFormerPrefix(from: RowReader): FormerPrefix {
  const [id, customerId] = [unpackMaybe(from) as OrderId | undefined, unpackMaybe(from) as CustomerId | undefined];
  return { id, customerId, ...register(from.text() as Ipv6Prefix, from) };
}

function packMaybe(text: string | undefined, into: RowWriter): void {
  into.flag(text !== undefined);
  if (text !== undefined) into.text(text);
}

function unpackMaybe(from: RowReader): string | undefined {
  return from.flag() ? from.text() : undefined;
}

function unpackList<Item>(from: RowReader, unpack: () => Item): Item[] {
  const list: Item[] = [];
  for (let left = from.whole(); left > 0; left--) list.push(unpack());
  return list;
}

function packText(register: Register<string>, into: RowWriter): void {
  into.text(register.value);
  into.stamp(register);
}

function register<Value>(value: Value, from: RowReader): Register<Value> {
  from.passStamp();
  return { value, time: from.stampTime, ordinal: from.stampOrdinal };
}

const [isCancelled, isPending, hasAddress] = [0, 1, 2];

function packAddOn(addOn: AddOn, into: RowWriter): void {
  const { id, value } = addOn;
  into.text(id);
  if (value.state === 'cancelled') into.byte(isCancelled);
  else if (value.address === undefined) into.byte(isPending);
  else {
    into.byte(hasAddress);
    into.text(value.address);
  }
  into.stamp(addOn);
}

function unpackAddOns(from: RowReader): readonly AddOn[] {
  const addOns: AddOn[] = [];
  for (let left = from.whole(); left > 0; left--) {
    const id = from.text() as AddOnId;
    const value = unpackState(from);
    from.passStamp();
    addOns.push({ id, value, time: from.stampTime, ordinal: from.stampOrdinal });
  }
  return addOns;
}

function unpackState(from: RowReader): AddOnState {
  const state = from.byte();
  if (state === isCancelled) return cancelled;
  return { state: 'bought', address: state === hasAddress ? (from.text() as Ipv4Address) : undefined };
}
