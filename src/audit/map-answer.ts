import { type IpAddress, isLinkLocal, linkLocalOf, type ServerId } from '../../events/index.js';
import {
  addOnAddresses,
  type AssignmentRow,
  type Binding,
  type FrozenStream,
  grantedPrefixes,
  macOf,
  type NetworkMap,
  otherMacsOf,
} from '../../projections/index.js';
import type { DesiredLines } from './desired-lines.js';
import { covers } from './mentions.js';
import type { OpenViolations } from './open-violations.js';

/** Which bindings are asked for; all given filters must fit. Values in their one spelling. */
export interface MapFilters {
  readonly server?: string;
  readonly customer?: string;
  /** Who holds the address, has it inside a prefix of its own, or waits for it. */
  readonly ip?: IpAddress;
  readonly mac?: string;
  readonly port?: string;
  readonly switch?: string;
}

export interface MapPage {
  /** At most this many bindings. */
  readonly limit: number;
  /** Go on after this server id. */
  readonly cursor?: string;
}

export interface FrozenStreamView {
  readonly stream: string;
  readonly reason: string;
  readonly parked: { readonly id: string; readonly ordinal: number; readonly type: string };
  /** How many later events wait behind it. */
  readonly held: number;
}

export interface MapAnswer {
  /** Of the last event of the map; -1 for an empty log. */
  readonly ordinal: number;
  /** True for the engine's own map when it has folded the whole log; false while it catches up, and for a replayed map. */
  readonly live: boolean;
  /** What was replayed; absent where `at` and `knownAt` were not asked for. */
  readonly at?: string;
  readonly knownAt?: string;
  readonly frozenStreams: readonly FrozenStreamView[];
  /** Of each switch to which nothing new is pushed: why. Only of the live map. */
  readonly withheld?: readonly { readonly switch: string; readonly reason: string }[];
  /** Of the device that was asked for; only on the first page. */
  readonly desired?: DesiredLines;
  /** What was open then, where it was asked for; only on the first page. */
  readonly open?: OpenViolations;
  /** By server id. A removed server is told only when it is asked for by its id. */
  readonly bindings: readonly Binding[];
  /** Pass it as `cursor` for the next page; absent on the last one. */
  readonly next?: string | undefined;
}

export function frozenView(frozen: FrozenStream): FrozenStreamView {
  const { id, ordinal, type } = frozen.parked;
  return { stream: frozen.stream, reason: frozen.reason, parked: { id, ordinal, type }, held: frozen.held.length };
}

/** One page of the bindings that fit, by server id; only these candidates are looked at where there are some. */
export function bindingsOf(
  map: NetworkMap,
  filters: MapFilters,
  page: MapPage,
  candidates?: Iterable<ServerId>,
): BindingsPage {
  return pageOf(map, idsOf(map, filters, candidates), page);
}

export interface BindingsPage {
  readonly bindings: readonly Binding[];
  readonly next?: string;
}

/** The servers that fit, by server id. */
export function idsOf(map: NetworkMap, filters: MapFilters, candidates?: Iterable<ServerId>): ServerId[] {
  const ids: ServerId[] = [];
  for (const row of rowsFor(map, filters, candidates)) if (fits(row, filters)) ids.push(row.serverId);
  return ids.sort();
}

/** One page of the bindings of these servers, which are sorted. */
export function pageOf(map: NetworkMap, ids: readonly ServerId[], { limit, cursor }: MapPage): BindingsPage {
  const first = cursor === undefined ? 0 : firstAfter(ids, cursor);
  const page = ids.slice(first, first + limit);
  const bindings = page.flatMap((id) => map.binding(id) ?? []);
  const last = page.at(-1);
  return { bindings, ...(ids.length > first + page.length && last !== undefined ? { next: last } : {}) };
}

function firstAfter(ids: readonly ServerId[], cursor: string): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? '') <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rowsFor(
  map: NetworkMap,
  { server }: MapFilters,
  candidates: Iterable<ServerId> | undefined,
): Iterable<AssignmentRow> {
  const some = server === undefined ? candidates : [server];
  if (some === undefined) return map.assignments.values();
  return [...some].flatMap((id) => map.assignments.get(id) ?? []);
}

/** Looks at the row only: a binding is made for the few that fit. */
function fits(row: AssignmentRow, { server, customer, ip, mac, port, switch: name }: MapFilters): boolean {
  if (server === undefined && row.added === undefined && row.removed !== undefined) return false;
  return (
    (customer === undefined || row.customer?.value === customer) &&
    (mac === undefined || macOf(row)?.value === mac || otherMacsOf(row).some((one) => one === mac)) &&
    (port === undefined || row.port?.value === port) &&
    (name === undefined || row.port?.value.startsWith(`${name}:`) === true) &&
    (ip === undefined || claims(row, ip))
  );
}

function claims(row: AssignmentRow, ip: IpAddress): boolean {
  if (row.added === undefined) return false;
  if (isLinkLocal(ip)) {
    const mac = macOf(row);
    return (row.linkLocal?.value ?? (mac && linkLocalOf(mac.value))) === ip;
  }
  return (
    [...addOnAddresses(row)].some(({ value }) => value === ip) ||
    grantedPrefixes(row).some(({ prefix }) => covers(prefix, ip))
  );
}
