import { isLinkLocal, type ServerId, type Vlan } from '../../events/index.js';
import {
  type AssignmentRow,
  type Binding,
  macOf,
  type NetworkMap,
  otherMacsOf,
  type ServerState,
} from '../../projections/index.js';
import { covers, overlap } from './mentions.js';
import type { Subject } from './subject.js';

/** Who has a subject in one map. */
export interface Holding {
  /** `holder` has it; `waiting` was sold it while another server stands before it in line; `gateway` speaks with it. */
  readonly role: 'holder' | 'waiting' | 'gateway';
  /** What is held: the address, the prefix around it, the MAC or the port. */
  readonly what: string;
  readonly serverId?: ServerId;
  readonly customerId?: string;
  /** Of the server: a suspended or conflicted one holds its addresses, but nothing of it is on a device. */
  readonly state?: ServerState;
  readonly switch?: string;
  readonly port?: string;
  readonly vlan?: Vlan;
  readonly mac?: string;
  /** The servers a waiting claim waits for. */
  readonly heldBy?: readonly ServerId[];
}

/** A holding with the ordinal of the fact that says so. */
export interface NamedHolding extends Holding {
  readonly namedBy: number;
}

/** Everybody who has the subject, or waits for it, in this map; sorted. A server not added has nothing. */
export function holdingsOf(map: NetworkMap, subject: Subject): NamedHolding[] {
  const found = [...serverHoldings(map, subject), ...gatewayHoldings(map, subject)];
  const order = (one: NamedHolding): string => `${one.role} ${one.serverId ?? one.switch} ${one.what}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function* serverHoldings(map: NetworkMap, subject: Subject): Iterable<NamedHolding> {
  for (const row of map.assignments.values()) {
    if (row.added === undefined || !mayHold(row, subject)) continue;
    const binding = map.binding(row.serverId);
    if (binding !== undefined) yield* ofServer(map, row, binding, subject);
  }
}

/** A cheap look at the row, so that the claims of every other server need not be compared. */
function mayHold(row: AssignmentRow, subject: Subject): boolean {
  switch (subject.kind) {
    case 'ip':
    case 'prefix':
      return hasSaleOf(row) || (subject.kind === 'ip' && isLinkLocal(subject.address));
    case 'mac':
      return macOf(row)?.value === subject.mac || otherMacsOf(row).some((mac) => mac === subject.mac);
    case 'port':
      return row.port?.value === subject.port;
    case 'server':
      return row.serverId === subject.serverId;
  }
}

/** True where the server was ever sold an address or a prefix. */
function hasSaleOf({ addOns, prefixes, prefixOrders }: AssignmentRow): boolean {
  return addOns.length + prefixes.length + prefixOrders.length > 0;
}

function ofServer(map: NetworkMap, row: AssignmentRow, binding: Binding, subject: Subject): NamedHolding[] {
  switch (subject.kind) {
    case 'ip':
      return ofAddress(map, row, binding, subject.address);
    case 'prefix':
      return binding.prefixes
        .filter((sold) => overlap(sold.prefix, subject.prefix))
        .map((sold) => claimed(binding, sold.prefix, sold.heldBy, sold.soldAt));
    case 'mac':
      return [ofRecord(binding, subject.mac, namesMac(row, subject.mac))];
    case 'port':
      return [ofRecord(binding, subject.port, row.port?.ordinal)];
    case 'server':
      return [ofRecord(binding, subject.serverId, row.added?.ordinal)];
  }
}

/** Ordinal of the fact that gives the server this MAC, as its own or beside it. */
function namesMac(row: AssignmentRow, mac: string): number | undefined {
  const own = macOf(row);
  return own?.value === mac ? own.ordinal : row.otherMacs.find((one) => one.mac === mac)?.ordinal;
}

function ofAddress(map: NetworkMap, row: AssignmentRow, binding: Binding, address: string): NamedHolding[] {
  if (isLinkLocal(address)) {
    if (binding.linkLocal !== address) return [];
    return [ofRecord(binding, address, row.linkLocal?.ordinal ?? macOf(row)?.ordinal)];
  }
  const v4 = binding.addresses
    .filter((sold) => sold.address === address)
    .sort((a, b) => a.soldAt - b.soldAt)
    .slice(0, 1) // Two add-ons may name one address: that is one claim, named by the fact that sold it first.
    .map((sold) => claimed(binding, sold.address, sold.heldBy, sold.soldAt));
  const around = binding.prefixes.filter((sold) => covers(sold.prefix, address));
  const waiting = around.filter((sold) => sold.heldBy !== undefined);
  const held = around
    .filter((sold) => sold.heldBy === undefined)
    .sort((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix));
  const longest = map.holderOfAddress(address)?.serverId === row.serverId ? held.slice(0, 1) : [];
  return [...v4, ...[...waiting, ...longest].map((sold) => claimed(binding, sold.prefix, sold.heldBy, sold.soldAt))];
}

function claimed(binding: Binding, what: string, heldBy: ServerId | undefined, namedBy: number): NamedHolding {
  return { role: heldBy === undefined ? 'holder' : 'waiting', ...placeOf(binding, what, heldBy && [heldBy]), namedBy };
}

/** MAC, port and link-local come with the server itself, and wait as a whole where its VLAN or MAC does. */
function ofRecord(binding: Binding, what: string, namedBy: number | undefined): NamedHolding {
  const waits = binding.state === 'conflicted';
  const first = binding.conflicts.filter(({ claim }) => claim.startsWith('vlan ') || claim.startsWith('mac '));
  const heldBy = waits ? [...new Set(first.map((one) => one.holder))] : undefined;
  return { role: waits ? 'waiting' : 'holder', ...placeOf(binding, what, heldBy), namedBy: namedBy ?? -1 };
}

function placeOf(binding: Binding, what: string, heldBy: readonly ServerId[] | undefined): Omit<Holding, 'role'> {
  const { serverId, customerId, state, port, vlan, mac } = binding;
  return {
    what,
    serverId,
    ...(customerId === undefined ? {} : { customerId }),
    state,
    ...(binding.switch === undefined ? {} : { switch: binding.switch }),
    ...(port === undefined ? {} : { port }),
    ...(vlan === undefined ? {} : { vlan }),
    ...(mac === undefined ? {} : { mac }),
    ...(heldBy === undefined ? {} : { heldBy }),
  };
}

function* gatewayHoldings(map: NetworkMap, subject: Subject): Iterable<NamedHolding> {
  if (subject.kind !== 'ip' && subject.kind !== 'mac') return;
  for (const { switch: name, declaration } of map.gateways.values()) {
    const gateway = declaration.value;
    const speaks: readonly string[] = (subject.kind === 'ip' ? gateway?.addresses : gateway?.macs) ?? [];
    const what = subject.kind === 'ip' ? subject.address : subject.mac;
    if (speaks.includes(what)) yield { role: 'gateway', what, switch: name, namedBy: declaration.ordinal };
  }
}

function lengthOf(prefix: string): number {
  return Number(prefix.slice(prefix.indexOf('/') + 1));
}
