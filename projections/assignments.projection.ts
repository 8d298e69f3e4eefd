import type {
  AddOnId,
  CustomerId,
  Ipv4Address,
  Ipv6Address,
  Ipv6Prefix,
  MacAddress,
  MacPurpose,
  PortId,
  ServerId,
  Vlan,
} from '../events/index.js';
import type { Allocated } from './add-on-addresses.js';
import { type Claim, claimsOf } from './claims.js';
import {
  type FormerAddress,
  formerAddressesAfter,
  formerMacsAfter,
  type FormerPrefix,
  formerPrefixesAfter,
} from './formers.js';
import type { AllocatedPrefix, PrefixOrder } from './granted-prefixes.js';
import { type EventsOf, type Projection, unreachable } from './projection.js';
import { isLater, type Register, type Stamp, write, writeKeyed } from './register.js';

export type AddOnState =
  { readonly state: 'bought'; readonly address: Ipv4Address | undefined } | { readonly state: 'cancelled' };
export interface AddOn extends Register<AddOnState> {
  readonly id: AddOnId;
}
export interface PrefixGrant extends Register<boolean> {
  readonly prefix: Ipv6Prefix;
}

/** A MAC that the server may speak with beside its own; undefined as value means removed. */
export interface OtherMac extends Register<MacPurpose | undefined> {
  readonly mac: MacAddress;
}

/** All that billing said of one server: a register for each attribute, and the claims they make. */
export interface AssignmentRow {
  readonly serverId: ServerId;
  /** The latest ServerAdded, void when a removal is later; and the latest ServerRemoved. */
  readonly added: Stamp | undefined;
  readonly removed: Stamp | undefined;
  readonly customer: Register<CustomerId> | undefined;
  readonly port: Register<PortId> | undefined;
  readonly vlan: Register<Vlan> | undefined;
  /** The MAC that billing names; see `macOf`. */
  readonly mac: Register<MacAddress> | undefined;
  readonly linkLocal: Register<Ipv6Address> | undefined;
  readonly suspended: Register<boolean> | undefined;
  /** The latest ServerAdded that asked for the MAC to be enrolled. */
  readonly enrolment: Stamp | undefined;
  /** The MAC our own rooms enrolled last; a removal leaves it here, and `macOf` tells whether it counts. */
  readonly enrolled: Register<MacAddress> | undefined;
  /** Sorted by MAC; a removal leaves them here, and `otherMacsOf` tells which count. */
  readonly otherMacs: readonly OtherMac[];
  /** MACs that billing named before, the one named last first. */
  readonly formerMacs: readonly Register<MacAddress>[];
  /** Sorted by add-on. */
  readonly formerAddresses: readonly FormerAddress[];
  /** Sorted by order, those that billing named first. */
  readonly formerPrefixes: readonly FormerPrefix[];
  /** Sorted by id; cancelled ones are kept, so that an older fact that arrives late stays overtaken. */
  readonly addOns: readonly AddOn[];
  /** What our own allocator chose, sorted by add-on; `addressOf` tells whether it counts. */
  readonly allocated: readonly Allocated[];
  /** Sorted by prefix; released ones are kept for the same reason. */
  readonly prefixes: readonly PrefixGrant[];
  /** Orders of /64s, sorted by id; cancelled ones are kept as well. */
  readonly prefixOrders: readonly PrefixOrder[];
  /** What our own allocator chose for orders, sorted by order; `prefixOfOrder` tells whether it counts. */
  readonly allocatedPrefixes: readonly AllocatedPrefix[];
  /** What this server claims, each with its place in line. */
  readonly claims: readonly Claim[];
  /** Ordinal of the event at whose folding what the row grants or claims last changed. */
  readonly changedAt: number;
}

const handles = [
  'ServerAdded',
  'ServerMoved',
  'ServerNicReplaced',
  'ServerTransferred',
  'ServerSuspended',
  'ServerResumed',
  'ServerRemoved',
  'ServerRecordCorrected',
  'Ipv6PrefixAssigned',
  'Ipv6PrefixReleased',
  'Ipv4AddOnBought',
  'Ipv4AddOnCancelled',
  'Ipv4AddressAllocated',
  'Ipv6PrefixOrdered',
  'Ipv6PrefixOrderCancelled',
  'Ipv6PrefixAllocated',
  'ServerMacAdded',
  'ServerMacRemoved',
  'ServerMacEnrolled',
] as const;
export type AssignmentEventType = (typeof handles)[number];
type AssignmentEvent = EventsOf<AssignmentEventType>;

export const assignments: Projection<AssignmentRow, AssignmentEventType> = {
  name: 'assignments',
  handles,
  key: (event) => event.data.serverId,
  evolve(row, event) {
    const before = row ?? emptyRow(event.data.serverId);
    const draft: Draft = { ...before };
    writeBeside(draft, event);
    const isVoid = before.removed !== undefined && !isLater(event, before.removed);
    if (!isVoid) writeRegisters(draft, event);
    if (!isVoid && !sameRegisters(draft, before)) settle(draft, before, event);
    writeFormers(draft, before, event);
    return sameRegisters(draft, before) && sameFormers(draft, before) ? row : draft;
  },
};

/** A row while an event is written into it: one copy an event, seen by nobody before it is whole. */
type Draft = { -readonly [Field in keyof AssignmentRow]: AssignmentRow[Field] };

/** True while billing sells the server: a removal voids every ServerAdded before it. */
export function isAlive(row: AssignmentRow): boolean {
  return row.added !== undefined;
}

function emptyRow(serverId: ServerId): AssignmentRow {
  return {
    serverId,
    added: undefined,
    removed: undefined,
    customer: undefined,
    port: undefined,
    vlan: undefined,
    mac: undefined,
    linkLocal: undefined,
    suspended: undefined,
    enrolment: undefined,
    enrolled: undefined,
    otherMacs: [],
    formerMacs: [],
    formerAddresses: [],
    formerPrefixes: [],
    addOns: [],
    allocated: [],
    prefixes: [],
    prefixOrders: [],
    allocatedPrefixes: [],
    claims: [],
    changedAt: -1,
  };
}

function writeRegisters(row: Draft, event: AssignmentEvent): void {
  switch (event.type) {
    case 'ServerAdded':
      row.added = laterStamp(row.added, event);
      row.customer = write(row.customer, event.data.customerId, event);
      if (event.data.enrolment !== undefined) row.enrolment = laterStamp(row.enrolment, event);
      return writeSaid(row, event.data, event);
    case 'ServerMoved':
    case 'ServerNicReplaced':
    case 'ServerRecordCorrected':
      return writeSaid(row, event.data, event);
    case 'ServerTransferred':
      row.customer = write(row.customer, event.data.customerId, event);
      return;
    case 'ServerSuspended':
      row.suspended = write(row.suspended, true, event);
      return;
    case 'ServerResumed':
      row.suspended = write(row.suspended, false, event);
      return;
    case 'ServerRemoved':
      row.removed = laterStamp(row.removed, event);
      return;
    case 'Ipv6PrefixAssigned':
    case 'Ipv6PrefixReleased': {
      const value = event.type === 'Ipv6PrefixAssigned';
      const grant = { prefix: event.data.prefix, value, time: event.time, ordinal: event.ordinal };
      row.prefixes = writeKeyed(row.prefixes, (one) => one.prefix, grant);
      return;
    }
    case 'Ipv4AddOnBought':
      return writeAddOn(row, event.data.addOnId, { state: 'bought', address: event.data.address }, event);
    case 'Ipv4AddOnCancelled':
      return writeAddOn(row, event.data.addOnId, cancelled, event);
    case 'Ipv4AddressAllocated': {
      const { addOnId: id, address: value, poolId } = event.data;
      const chosen = { id, poolId, value, time: event.time, ordinal: event.ordinal };
      row.allocated = writeKeyed(row.allocated, (one) => one.id, chosen);
      return;
    }
    case 'Ipv6PrefixOrdered':
    case 'Ipv6PrefixOrderCancelled': {
      const value = event.type === 'Ipv6PrefixOrdered';
      const order = { id: event.data.orderId, value, time: event.time, ordinal: event.ordinal };
      row.prefixOrders = writeKeyed(row.prefixOrders, (one) => one.id, order);
      return;
    }
    case 'Ipv6PrefixAllocated': {
      const { orderId: id, prefix: value, customerId, poolId } = event.data;
      const chosen = { id, customerId, poolId, value, time: event.time, ordinal: event.ordinal };
      row.allocatedPrefixes = writeKeyed(row.allocatedPrefixes, (one) => one.id, chosen);
      return;
    }
    case 'ServerMacAdded':
    case 'ServerMacRemoved':
    case 'ServerMacEnrolled':
      return; // Written by `writeBeside`, void or not.
    default:
      return unreachable(event);
  }
}

/** The registers that no removal takes away: what they said is what the server had. */
function writeBeside(row: Draft, event: AssignmentEvent): void {
  const { time, ordinal, type, data } = event;
  if (type === 'ServerMacEnrolled') row.enrolled = write(row.enrolled, data.mac, event);
  if (type !== 'ServerMacAdded' && type !== 'ServerMacRemoved') return;
  const value = type === 'ServerMacAdded' ? data.purpose : undefined;
  row.otherMacs = writeKeyed(row.otherMacs, (one) => one.mac, { mac: data.mac, value, time, ordinal });
}

function writeFormers(row: Draft, before: AssignmentRow, event: AssignmentEvent): void {
  const { time, ordinal, data, type } = event;
  const mac = 'mac' in data && !type.startsWith('ServerMac') ? data.mac : undefined;
  row.formerMacs = formerMacsAfter(before, row.mac, mac === undefined ? undefined : { value: mac, time, ordinal });
  const named = type === 'Ipv4AddOnBought' || type === 'Ipv4AddressAllocated' ? data : undefined;
  const sold = named?.address === undefined ? undefined : { id: named.addOnId, value: named.address, time, ordinal };
  row.formerAddresses = formerAddressesAfter(before, row, sold);
  row.formerPrefixes = formerPrefixesAfter(before, row, prefixNamedBy(event));
}

function prefixNamedBy({ type, data, time, ordinal }: AssignmentEvent): FormerPrefix | undefined {
  if (type === 'Ipv6PrefixAssigned') return { id: undefined, customerId: undefined, value: data.prefix, time, ordinal };
  if (type !== 'Ipv6PrefixAllocated') return undefined;
  return { id: data.orderId, customerId: data.customerId, value: data.prefix, time, ordinal };
}

export const cancelled: AddOnState = { state: 'cancelled' };

interface Said {
  readonly port?: PortId;
  readonly vlan?: Vlan;
  readonly mac?: MacAddress;
  readonly linkLocal?: Ipv6Address;
}

/** An absent optional field says nothing about its register. */
function writeSaid(row: Draft, { port, vlan, mac, linkLocal }: Said, at: Stamp): void {
  if (port !== undefined) row.port = write(row.port, port, at);
  if (vlan !== undefined) row.vlan = write(row.vlan, vlan, at);
  if (mac !== undefined) row.mac = write(row.mac, mac, at);
  if (linkLocal !== undefined) row.linkLocal = write(row.linkLocal, linkLocal, at);
}

function writeAddOn(row: Draft, id: AddOnId, value: AddOnState, at: Stamp): void {
  row.addOns = writeKeyed(row.addOns, (one) => one.id, { id, value, time: at.time, ordinal: at.ordinal });
}

function stampOf({ time, ordinal }: Stamp): Stamp {
  return { time, ordinal };
}

function laterStamp(stamp: Stamp | undefined, at: Stamp): Stamp {
  return stamp !== undefined && !isLater(at, stamp) ? stamp : stampOf(at);
}

function sameRegisters(a: AssignmentRow, b: AssignmentRow): boolean {
  return (
    sameClaiming(a, b) &&
    a.removed === b.removed &&
    a.suspended === b.suspended &&
    a.linkLocal === b.linkLocal &&
    a.otherMacs === b.otherMacs
  );
}

function sameFormers(a: AssignmentRow, b: AssignmentRow): boolean {
  return (
    a.formerMacs === b.formerMacs && a.formerAddresses === b.formerAddresses && a.formerPrefixes === b.formerPrefixes
  );
}

/** True when no register that a claim is made of was written. */
function sameClaiming(a: AssignmentRow, b: AssignmentRow): boolean {
  return (
    a.added === b.added &&
    a.customer === b.customer &&
    a.port === b.port &&
    a.vlan === b.vlan &&
    a.mac === b.mac &&
    a.enrolment === b.enrolment &&
    a.enrolled === b.enrolled &&
    a.addOns === b.addOns &&
    a.allocated === b.allocated &&
    a.prefixes === b.prefixes &&
    a.prefixOrders === b.prefixOrders &&
    a.allocatedPrefixes === b.allocatedPrefixes
  );
}

/** Drops the registers that a new removal voids and lets the row claim what is left. */
function settle(row: Draft, before: AssignmentRow, event: AssignmentEvent): void {
  if (row.removed !== undefined && row.removed !== before.removed) voidEarlier(row, row.removed);
  if (!sameClaiming(row, before)) row.claims = claimsOf(row, before.claims, event.foldedAt);
  row.changedAt = event.foldedAt;
}

function voidEarlier(row: Draft, removed: Stamp): void {
  const counts = <Fact extends Stamp>(fact: Fact | undefined): Fact | undefined =>
    fact !== undefined && isLater(fact, removed) ? fact : undefined;
  row.added = counts(row.added);
  row.customer = counts(row.customer);
  row.port = counts(row.port);
  row.vlan = counts(row.vlan);
  row.mac = counts(row.mac);
  row.linkLocal = counts(row.linkLocal);
  row.suspended = counts(row.suspended);
  row.enrolment = counts(row.enrolment);
  row.addOns = row.addOns.filter((one) => isLater(one, removed));
  row.allocated = row.allocated.filter((one) => isLater(one, removed));
  row.prefixes = row.prefixes.filter((one) => isLater(one, removed));
  row.prefixOrders = row.prefixOrders.filter((one) => isLater(one, removed));
  row.allocatedPrefixes = row.allocatedPrefixes.filter((one) => isLater(one, removed));
}
