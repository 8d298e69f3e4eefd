import type {
  AddOnId,
  CustomerId,
  Ipv4Address,
  Ipv6Address,
  Ipv6Prefix,
  MacAddress,
  PortId,
  ServerId,
  Vlan,
} from '../../events/index.js';
import {
  type AddOn,
  type AddOnState,
  type AssignmentRow,
  cancelled,
  type PrefixGrant,
} from '../assignments.projection.js';
import { claimsInLine } from '../claims.js';
import type { Register } from '../register.js';
import type { Packing } from './packing.js';
import type { RowReader } from './row-reader.js';
import type { RowWriter } from './row-writer.js';

/** Which registers are there, one bit each. */
const has = { added: 1, removed: 2, customer: 4, port: 8, vlan: 16, mac: 32, linkLocal: 64, suspended: 128 };

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
    into.whole(row.addOns.length);
    for (const addOn of row.addOns) packAddOn(addOn, into);
    into.whole(row.prefixes.length);
    for (const grant of row.prefixes) packGrant(grant, into);
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
    const addOns = unpackAddOns(from);
    const prefixes = unpackGrants(from);
    const claims = claimsInLine({ added, customer, port, vlan, mac, addOns, prefixes }, () => from.ordinal());
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

function packGrant(grant: PrefixGrant, into: RowWriter): void {
  into.text(grant.prefix);
  into.flag(grant.value);
  into.stamp(grant);
}

function unpackGrants(from: RowReader): readonly PrefixGrant[] {
  const grants: PrefixGrant[] = [];
  for (let left = from.whole(); left > 0; left--) {
    const prefix = from.text() as Ipv6Prefix;
    const value = from.flag();
    from.passStamp();
    grants.push({ prefix, value, time: from.stampTime, ordinal: from.stampOrdinal });
  }
  return grants;
}
