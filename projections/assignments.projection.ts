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
} from '../events/index.js';
import { type Claim, claimsOf } from './claims.js';
import { type EventsOf, type Projection, unreachable } from './projection.js';
import { isLater, type Register, type Stamp, write } from './register.js';

export type AddOnState =
  { readonly state: 'bought'; readonly address: Ipv4Address | undefined } | { readonly state: 'cancelled' };
export interface AddOn extends Register<AddOnState> {
  readonly id: AddOnId;
}
export interface PrefixGrant extends Register<boolean> {
  readonly prefix: Ipv6Prefix;
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
  readonly mac: Register<MacAddress> | undefined;
  readonly linkLocal: Register<Ipv6Address> | undefined;
  readonly suspended: Register<boolean> | undefined;
  /** Sorted by id; cancelled ones are kept, so that an older fact that arrives late stays overtaken. */
  readonly addOns: readonly AddOn[];
  /** Sorted by prefix; released ones are kept for the same reason. */
  readonly prefixes: readonly PrefixGrant[];
  /** What this server claims, each with its place in line. */
  readonly claims: readonly Claim[];
  /** Ordinal of the event at whose folding the row last changed. */
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
] as const;
export type AssignmentEventType = (typeof handles)[number];
type AssignmentEvent = EventsOf<AssignmentEventType>;

export const assignments: Projection<AssignmentRow, AssignmentEventType> = {
  name: 'assignments',
  handles,
  key: (event) => event.data.serverId,
  evolve(row, event) {
    const before = row ?? emptyRow(event.data.serverId);
    if (before.removed !== undefined && !isLater(event, before.removed)) return row;
    const written = writeRegisters(before, event);
    return written === before ? row : settle(written, before, event);
  },
};

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
    addOns: [],
    prefixes: [],
    claims: [],
    changedAt: -1,
  };
}

function writeRegisters(row: AssignmentRow, event: AssignmentEvent): AssignmentRow {
  switch (event.type) {
    case 'ServerAdded':
      return added(row, event);
    case 'ServerMoved':
      return changed(row, {
        port: write(row.port, event.data.port, event),
        vlan: write(row.vlan, event.data.vlan, event),
      });
    case 'ServerNicReplaced':
      return changed(row, { mac: write(row.mac, event.data.mac, event) });
    case 'ServerTransferred':
      return changed(row, { customer: write(row.customer, event.data.customerId, event) });
    case 'ServerSuspended':
      return changed(row, { suspended: write(row.suspended, true, event) });
    case 'ServerResumed':
      return changed(row, { suspended: write(row.suspended, false, event) });
    case 'ServerRemoved':
      return changed(row, { removed: laterStamp(row.removed, event) });
    case 'ServerRecordCorrected':
      return changed(row, said(row, event.data, event));
    case 'Ipv6PrefixAssigned':
    case 'Ipv6PrefixReleased': {
      const grant = { prefix: event.data.prefix, value: event.type === 'Ipv6PrefixAssigned', ...stampOf(event) };
      return changed(row, { prefixes: writeKeyed(row.prefixes, (one) => one.prefix, grant) });
    }
    case 'Ipv4AddOnBought':
      return addOn(row, event.data.addOnId, { state: 'bought', address: event.data.address }, event);
    case 'Ipv4AddOnCancelled':
      return addOn(row, event.data.addOnId, { state: 'cancelled' }, event);
    default:
      return unreachable(event);
  }
}

function added(row: AssignmentRow, event: EventsOf<'ServerAdded'>): AssignmentRow {
  const { data } = event;
  return changed(row, {
    added: laterStamp(row.added, event),
    customer: write(row.customer, data.customerId, event),
    ...said(row, data, event),
  });
}

interface Said {
  readonly port?: PortId;
  readonly vlan?: Vlan;
  readonly mac?: MacAddress;
  readonly linkLocal?: Ipv6Address;
}

/** An absent optional field says nothing about its register. */
function said(row: AssignmentRow, data: Said, at: Stamp): Partial<AssignmentRow> {
  return {
    port: data.port === undefined ? row.port : write(row.port, data.port, at),
    vlan: data.vlan === undefined ? row.vlan : write(row.vlan, data.vlan, at),
    mac: data.mac === undefined ? row.mac : write(row.mac, data.mac, at),
    linkLocal: data.linkLocal === undefined ? row.linkLocal : write(row.linkLocal, data.linkLocal, at),
  };
}

function addOn(row: AssignmentRow, id: AddOnId, value: AddOnState, at: Stamp): AssignmentRow {
  return changed(row, { addOns: writeKeyed(row.addOns, (one) => one.id, { id, value, ...stampOf(at) }) });
}

function stampOf({ time, ordinal }: Stamp): Stamp {
  return { time, ordinal };
}

function laterStamp(stamp: Stamp | undefined, at: Stamp): Stamp {
  return stamp !== undefined && !isLater(at, stamp) ? stamp : stampOf(at);
}

/** Writes one register of a sorted list; the same list when the fact is overtaken. */
function writeKeyed<Item extends Stamp>(
  list: readonly Item[],
  keyOf: (item: Item) => string,
  item: Item,
): readonly Item[] {
  const key = keyOf(item);
  const old = list.find((one) => keyOf(one) === key);
  if (old !== undefined && !isLater(item, old)) return list;
  const others = list.filter((one) => one !== old);
  const smaller = others.filter((one) => keyOf(one) < key);
  return [...smaller, item, ...others.slice(smaller.length)];
}

function changed(row: AssignmentRow, part: Partial<AssignmentRow>): AssignmentRow {
  for (const key of Object.keys(part) as (keyof AssignmentRow)[]) {
    if (part[key] !== row[key]) return { ...row, ...part };
  }
  return row;
}

/** Drops the registers that a new removal voids and lets the row claim what is left. */
function settle(written: AssignmentRow, before: AssignmentRow, event: AssignmentEvent): AssignmentRow {
  const { removed } = written;
  const row = removed === undefined || removed === before.removed ? written : voided(written, removed);
  return { ...row, claims: claimsOf(row, isAlive(row), event.foldedAt), changedAt: event.foldedAt };
}

function voided(row: AssignmentRow, removed: Stamp): AssignmentRow {
  const counts = <Fact extends Stamp>(fact: Fact | undefined): Fact | undefined =>
    fact !== undefined && isLater(fact, removed) ? fact : undefined;
  return {
    ...row,
    added: counts(row.added),
    customer: counts(row.customer),
    port: counts(row.port),
    vlan: counts(row.vlan),
    mac: counts(row.mac),
    linkLocal: counts(row.linkLocal),
    suspended: counts(row.suspended),
    addOns: row.addOns.filter((one) => isLater(one, removed)),
    prefixes: row.prefixes.filter((one) => isLater(one, removed)),
  };
}
