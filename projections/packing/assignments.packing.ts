import {
  type AddOnId,
  type CustomerId,
  formatIpv4,
  formatIpv6,
  formatMac,
  formatPrefix,
  ipv4Number,
  type Ipv6Words,
  macNumber,
  type PortId,
  prefixBits,
  type ServerId,
  type Vlan,
  wordsOf,
} from '../../events/index.js';
import { type AddOn, type AddOnState, type AssignmentRow, cancelled, type PrefixGrant } from '../assignments.projection.js';
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
    into.byte(registersIn(row));
    if (added !== undefined) into.stamp(added);
    if (removed !== undefined) into.stamp(removed);
    if (customer !== undefined) (into.text(customer.value), into.stamp(customer));
    if (port !== undefined) (into.text(port.value), into.stamp(port));
    if (vlan !== undefined) (into.whole(vlan.value), into.stamp(vlan));
    if (mac !== undefined) (into.sixBytes(macNumber(mac.value)), into.stamp(mac));
    if (linkLocal !== undefined) (packWords(wordsOf(linkLocal.value), 128, into), into.stamp(linkLocal));
    if (suspended !== undefined) (into.flag(suspended.value), into.stamp(suspended));
    into.whole(row.addOns.length);
    for (const addOn of row.addOns) packAddOn(addOn, into);
    into.whole(row.prefixes.length);
    for (const grant of row.prefixes) packGrant(grant, into);
    for (const claim of row.claims) into.ordinal(claim.since);
    into.ordinal(row.changedAt);
  },
  unpack(key, from) {
    const present = from.byte();
    const row = {
      serverId: key as ServerId,
      added: present & has.added ? from.stamp() : undefined,
      removed: present & has.removed ? from.stamp() : undefined,
      customer: present & has.customer ? register(from.text() as CustomerId, from) : undefined,
      port: present & has.port ? register(from.text() as PortId, from) : undefined,
      vlan: present & has.vlan ? register(from.whole() as Vlan, from) : undefined,
      mac: present & has.mac ? register(formatMac(from.sixBytes()), from) : undefined,
      linkLocal: present & has.linkLocal ? register(formatIpv6(unpackWords(128, from)), from) : undefined,
      suspended: present & has.suspended ? register(from.flag(), from) : undefined,
      addOns: unpackAddOns(from),
      prefixes: unpackGrants(from),
    };
    const claims = claimsInLine(row, () => from.ordinal());
    return { ...row, claims, changedAt: from.ordinal() };
  },
};

function registersIn(row: AssignmentRow): number {
  let present = 0;
  for (const name in has) if (row[name as keyof typeof has] !== undefined) present |= has[name as keyof typeof has];
  return present;
}

function register<Value>(value: Value, from: RowReader): Register<Value> {
  const { time, ordinal } = from.stamp();
  return { value, time, ordinal };
}

const [isCancelled, isPending, hasAddress] = [0, 1, 2];

function packAddOn(addOn: AddOn, into: RowWriter): void {
  const { id, value } = addOn;
  into.text(id);
  if (value.state === 'cancelled') into.byte(isCancelled);
  else if (value.address === undefined) into.byte(isPending);
  else (into.byte(hasAddress), into.word(ipv4Number(value.address)));
  into.stamp(addOn);
}

function unpackAddOns(from: RowReader): AddOn[] {
  const addOns: AddOn[] = [];
  for (let left = from.whole(); left > 0; left--) {
    const id = from.text() as AddOnId;
    const value = unpackState(from);
    const { time, ordinal } = from.stamp();
    addOns.push({ id, value, time, ordinal });
  }
  return addOns;
}

function unpackState(from: RowReader): AddOnState {
  const state = from.byte();
  if (state === isCancelled) return cancelled;
  return { state: 'bought', address: state === hasAddress ? formatIpv4(from.word()) : undefined };
}

function packGrant(grant: PrefixGrant, into: RowWriter): void {
  const { words, length } = prefixBits(grant.prefix);
  into.byte(length);
  into.flag(grant.value);
  packWords(words, length, into);
  into.stamp(grant);
}

function unpackGrants(from: RowReader): PrefixGrant[] {
  const grants: PrefixGrant[] = [];
  for (let left = from.whole(); left > 0; left--) {
    const length = from.byte();
    const value = from.flag();
    const prefix = formatPrefix(unpackWords(length, from), length);
    const { time, ordinal } = from.stamp();
    grants.push({ prefix, value, time, ordinal });
  }
  return grants;
}

/** As many bytes as the prefix reaches into; the rest is zero. */
function packWords(words: Ipv6Words, length: number, into: RowWriter): void {
  for (let bit = 0; bit < length; bit += 8) into.byte(((words[bit >>> 5] ?? 0) >>> (24 - (bit & 31))) & 255);
}

function unpackWords(length: number, from: RowReader): Ipv6Words {
  const word = (start: number): number => {
    let bits = 0;
    for (let bit = start; bit < start + 32; bit += 8) bits = (bits << 8) | (bit < length ? from.byte() : 0);
    return bits >>> 0;
  };
  return [word(0), word(32), word(64), word(96)];
}
