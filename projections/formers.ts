import type { AddOnId, CustomerId, Ipv4Address, Ipv6Prefix, MacAddress, OrderId } from '../events/index.js';
import { addOnAddresses } from './add-on-addresses.js';
import type { AssignmentRow } from './assignments.projection.js';
import { prefixOfOrder } from './granted-prefixes.js';
import { macOf, otherMacsOf } from './macs.js';
import { isLater, type Register, type Stamp } from './register.js';

// What a server once had. A row keeps the last word that named each thing, so that any delivery order gives the same; when
// it ended follows from what the row says later. A restated fact may so put an end later than it was, never earlier.

/** An address that an add-on named, while that add-on has it no more. */
export interface FormerAddress extends Register<Ipv4Address> {
  readonly id: AddOnId;
}

/** A prefix that the server had: by name, or for an order. */
export interface FormerPrefix extends Register<Ipv6Prefix> {
  /** Undefined where billing named it. */
  readonly id: OrderId | undefined;
  /** For whom it was chosen; undefined where billing named it. */
  readonly customerId: CustomerId | undefined;
}

/** Something a server had, and when it ended, ms since 1970, as billing says. */
export interface Ended<Value> {
  readonly value: Value;
  readonly endedAt: number;
}

/** The MAC in force and those before it: more of them are forgotten, the one named longest ago first. */
const keptMacs = 5;
/** Of each add-on, and of each order, what is in force and what was before: more of it is forgotten, what was named longest ago first. */
const keptOfEach = 5;
/** Of each kind so many are told, the latest ended first. */
const toldFormers = 4;

/** The former MACs after a fact; `named` is the MAC that it names, if it does. The same list when nothing changed. */
export function formerMacsAfter(
  before: AssignmentRow,
  mac: Register<MacAddress> | undefined,
  named: Register<MacAddress> | undefined,
): readonly Register<MacAddress>[] {
  const { formerMacs } = before;
  if (named === undefined && mac === before.mac) return formerMacs;
  // Most servers are told one MAC only.
  const isAlone = formerMacs.length === 0 && mac !== undefined && (before.mac ?? mac).value === mac.value;
  if (isAlone && (named ?? mac).value === mac.value) return formerMacs;
  const latest = new Map<MacAddress, Register<MacAddress>>();
  for (const one of [...formerMacs, before.mac, named]) {
    if (one === undefined) continue;
    const known = latest.get(one.value);
    if (known === undefined || isLater(one, known)) latest.set(one.value, one);
  }
  const kept = [...latest.values()].sort((a, b) => (isLater(a, b) ? -1 : 1)).slice(0, keptMacs);
  return sameOr(
    formerMacs,
    kept.filter(({ value }) => value !== mac?.value),
  );
}

/** The former addresses after a fact; `named` is the add-on and address that it names, if it does. */
export function formerAddressesAfter(
  before: AssignmentRow,
  after: AddOns,
  named: FormerAddress | undefined,
): readonly FormerAddress[] {
  const { formerAddresses } = before;
  if (named === undefined && after.addOns === before.addOns && after.allocated === before.allocated)
    return formerAddresses;
  return formersAfter(formerAddresses, namedBy(before), named, (one) => hasAddress(after, one));
}

/** The former prefixes after a fact; `named` is the prefix that it names, if it does. */
export function formerPrefixesAfter(
  before: AssignmentRow,
  after: Prefixes,
  named: FormerPrefix | undefined,
): readonly FormerPrefix[] {
  const { formerPrefixes } = before;
  const isUntouched =
    after.prefixes === before.prefixes &&
    after.prefixOrders === before.prefixOrders &&
    after.allocatedPrefixes === before.allocatedPrefixes &&
    after.customer?.value === before.customer?.value;
  if (named === undefined && isUntouched) return formerPrefixes;
  return formersAfter(formerPrefixes, prefixesNamedBy(before), named, (one) => hasPrefix(after, one));
}

/** What was had before, after a fact. @param had what the row named before the fact @param isStill whether it has this after the fact */
export function formersAfter<Former extends Register<string> & { readonly id: string | undefined }>(
  formers: readonly Former[],
  had: readonly Former[],
  named: Former | undefined,
  isStill: (one: Former) => boolean,
): readonly Former[] {
  const all = named === undefined ? [...formers, ...had] : [...formers, ...had, named];
  // Most servers lose nothing.
  if (formers.length === 0 && all.every(isStill)) return formers;
  const latest = new Map<string, Former>();
  for (const one of all) {
    const key = JSON.stringify([one.id, one.value]);
    const known = latest.get(key);
    if (known === undefined || isLater(one, known)) latest.set(key, one);
  }
  const byId = [...latest.values()].sort((a, b) => {
    const [first, second] = [a.id ?? '', b.id ?? ''];
    return first !== second ? (first < second ? -1 : 1) : isLater(a, b) ? -1 : 1;
  });
  const kept = byId.filter(({ id }, index) => index < keptOfEach || byId[index - keptOfEach]?.id !== id);
  return sameOr(
    formers,
    kept.filter((one) => !isStill(one)),
  );
}

type AddOns = Pick<AssignmentRow, 'addOns' | 'allocated'>;
type Prefixes = Pick<AssignmentRow, 'customer' | 'prefixes' | 'prefixOrders' | 'allocatedPrefixes'>;

/** True where the add-on has this address now. */
function hasAddress(row: AddOns, { id, value }: FormerAddress): boolean {
  for (const one of addOnAddresses(row)) if (one.id === id) return one.value === value;
  return false;
}

/** True where the server has this prefix now: by name, or for this very order. */
function hasPrefix(row: Prefixes, { id, value }: FormerPrefix): boolean {
  if (id === undefined) return row.prefixes.some((one) => one.value && one.prefix === value);
  return row.prefixOrders.some((one) => one.id === id && prefixOfOrder(one, row)?.value === value);
}

/** What add-ons have, and what was allocated to them, whether that counts or not. */
function namedBy(row: AddOns): FormerAddress[] {
  return [...addOnAddresses(row), ...row.allocated].map(({ id, value, time, ordinal }) => ({
    id,
    value,
    time,
    ordinal,
  }));
}

/** What billing assigns, and what was allocated, whether that counts or not. */
function prefixesNamedBy({ prefixes, allocatedPrefixes }: Prefixes): FormerPrefix[] {
  const assigned = prefixes.flatMap(({ prefix, value, time, ordinal }) =>
    value ? [{ id: undefined, customerId: undefined, value: prefix, time, ordinal }] : [],
  );
  const allocated = allocatedPrefixes.map(({ id, customerId, value, time, ordinal }) => ({
    ...{ id, customerId, value, time, ordinal },
  }));
  return [...assigned, ...allocated];
}

function sameOr<Item extends Register<unknown>>(before: readonly Item[], after: readonly Item[]): readonly Item[] {
  const isSame = (one: Item, index: number): boolean =>
    one.value === before[index]?.value && one.ordinal === before[index]?.ordinal;
  return before.length === after.length && after.every(isSame) ? before : after;
}

/** The MACs the server had and has no more, those beside its own included; the latest ended first. */
export function formerMacsOf(row: AssignmentRow): Ended<MacAddress>[] {
  const main = macOf(row)?.value;
  const inForce = row.added === undefined ? [] : [...otherMacsOf(row), ...(main === undefined ? [] : [main])];
  const { removed, mac, enrolled, formerMacs } = row;
  const own = formerMacs.map((one, index) => ended(one, [formerMacs[index - 1], mac, removed]));
  const beside = row.otherMacs.map(({ mac: value, value: purpose, time, ordinal }) =>
    purpose === undefined ? { value, endedAt: time } : ended({ value, time, ordinal }, [removed]),
  );
  const seen = enrolled === undefined ? [] : [ended(enrolled, [mac, removed])];
  return latestOf([...own, ...beside, ...seen], inForce);
}

/** The IPv4 addresses the server had and has no more; the latest ended first. */
export function formerAddressesOf(row: AssignmentRow): Ended<Ipv4Address>[] {
  const inForce = row.added === undefined ? [] : [...addOnAddresses(row)].map(({ value }) => value);
  return latestOf(endedAddressesOf(row), inForce);
}

/** Each address that an add-on had and has no more, whoever of the server has it now, with when it was named and ended. */
export function endedAddressesOf(row: AssignmentRow): (Ended<Ipv4Address> & { readonly namedAt: number })[] {
  const { formerAddresses, addOns, allocated, removed } = row;
  return formerAddresses.map((one, index) => {
    const next = formerAddresses[index - 1];
    const isOf = ({ id }: { readonly id: AddOnId }): boolean => id === one.id;
    const later = [
      next !== undefined && isOf(next) ? next : undefined,
      addOns.find(isOf),
      allocated.find(isOf),
      removed,
    ];
    return { ...ended(one, later), namedAt: one.time };
  });
}

/** A prefix that the server had, since when, and for which customer it was chosen where billing did not name it. */
export interface EndedPrefix extends Ended<Ipv6Prefix> {
  readonly namedAt: number;
  readonly customerId: CustomerId | undefined;
}

/** Each prefix the server had and has no more, with when it was named and ended, whatever else of it has that prefix now. */
export function endedPrefixesOf(row: AssignmentRow): EndedPrefix[] {
  const { formerPrefixes, prefixes, prefixOrders, allocatedPrefixes, customer, removed } = row;
  return formerPrefixes.map((one, index) => {
    const next = formerPrefixes[index - 1];
    const isOf = ({ id }: { readonly id: OrderId }): boolean => id === one.id;
    const later =
      one.id === undefined
        ? [prefixes.find(({ prefix, value }) => !value && prefix === one.value)]
        : [
            next?.id === one.id ? next : undefined,
            prefixOrders.find(isOf),
            allocatedPrefixes.find(isOf),
            // Of the same customer it would still count.
            customer?.value === one.customerId ? undefined : customer,
          ];
    return { ...ended(one, [...later, removed]), namedAt: one.time, customerId: one.customerId };
  });
}

/** It ended with the first of these facts that is later than the one that named it. */
export function ended<Value>(one: Register<Value>, by: readonly (Stamp | undefined)[]): Ended<Value> {
  const later = by.flatMap((stamp) => (stamp !== undefined && isLater(stamp, one) ? [stamp.time] : []));
  return { value: one.value, endedAt: later.length === 0 ? one.time : Math.min(...later) };
}

function latestOf<Value>(all: readonly Ended<Value>[], inForce: readonly Value[]): Ended<Value>[] {
  const latest = new Map<Value, Ended<Value>>();
  for (const one of all) {
    const known = latest.get(one.value);
    if (!inForce.includes(one.value) && (known === undefined || one.endedAt > known.endedAt))
      latest.set(one.value, one);
  }
  const order = (a: Ended<Value>, b: Ended<Value>): number => b.endedAt - a.endedAt || (a.value < b.value ? -1 : 1);
  return [...latest.values()].sort(order).slice(0, toldFormers);
}
