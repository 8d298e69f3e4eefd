import type { LedgerEvent, ServerId, StoredEvent } from '../../events/index.js';
import { type Binding, LogFold, type ViolationRow } from '../../projections/index.js';
import {
  customersAround,
  decidingEvents,
  eventsAround,
  renumberingsOf,
  streamsNaming,
  violationsConcerning,
} from './concerned-streams.js';
import { type ExplainedDelegation, explainedDelegations } from './explained-delegations.js';
import { explained, type ExplainedFact, readable, within } from './explained-fact.js';
import { carries, type DeviceLine, deviceLines } from './device-line.js';
import { type Gap, gapsIn } from './gaps.js';
import { type Holding, holdingsOf, type NamedHolding } from './holding.js';
import { onDevices } from './how-sure.js';
import type { KnownLog } from './known-log.js';
import { givesPrefix, mentions, violationConcerns } from './mentions.js';
import type { Subject } from './subject.js';
import { readBacks } from './traces.js';
import { begunBy, type Interval, intervalsBy } from './who-had.js';

export interface ExplainedServer {
  readonly serverId: ServerId;
  /** As the map asked for has it; absent when nothing of the server counts in it. */
  readonly binding?: Binding;
  /** In log order: its own events, and those of others that caused lines for it. */
  readonly chain: readonly ExplainedFact[];
  /** Lines written because the device had changed by itself. */
  readonly drift: readonly DeviceLine[];
}

export interface Explanation {
  /** Who has it in the map asked for. */
  readonly holdings: readonly NamedHolding[];
  /** The servers of the holdings; where there are none, those an event ever named. */
  readonly servers: readonly ExplainedServer[];
  /** Of an IPv6 address or prefix, by customer. */
  readonly delegations: readonly ExplainedDelegation[];
  /** Declarations of gateways that speak with the subject. */
  readonly gateways: readonly ExplainedFact[];
  /** Up to the moment asked for: when nobody had it, or it led nowhere, and why. */
  readonly gaps: readonly Gap[];
  readonly violations: readonly ViolationRow[];
}

/**
 * Why the subject is where it is, as of a valid time (ms since 1970; undefined: all that is known).
 * Costs a handful of searches of the log, and the folds of `whoHad`. Undefined when nothing names the subject.
 */
export async function explain(log: KnownLog, subject: Subject, at?: number): Promise<Explanation | undefined> {
  const named = await streamsNaming(log, subject);
  const violating = await violationsConcerning(log, subject);
  if (named.size + violating.size === 0) return undefined;
  const deciding = await decidingEvents(log, subject, named);
  const holdings = holdingsOf(foldOf(deciding, at).map, subject);

  const chains = new Map<ServerId, StoredEvent[]>();
  for (const id of concernedServers(holdings, named)) {
    const own = chainOf(within(await log.stream(`server-${id}`), at), subject);
    const renumbered = within(await renumberingsOf(log, id, subject), at);
    chains.set(id, [...own, ...renumbered]);
  }
  const lines = await linesOf(log, { chains, subject, at });
  const had = await hadUpTo(deciding, subject, at);
  const openers = openersOf(had, subject);
  const foreign = await foreignCauses(log, chains, [...lines, ...openers]);
  const gateways = [...named].filter((one) => one.startsWith('gateway-')).sort();
  const others = foreign.map(({ stream }) => stream);
  const serverIds = new Set([...chains.keys(), ...others.flatMap((one) => serverOf(one) ?? [])]);
  const customers = await customersAround(log, new Set([...named, ...others]));
  const around = {
    serverIds: [...serverIds],
    streams: [...gateways, ...customers, ...others],
    violations: [...violating],
  };
  const fold = foldOf(await eventsAround(log, around), at);
  const violations = [...fold.map.violations.values()].filter((one) => violationConcerns(one, subject));
  if (named.size === 0 && violations.length === 0) return undefined;

  const servers = [...chains].map(([serverId, own]) => {
    const mine = lines.filter((line) => ownerOf(line, chains) === serverId);
    const causes = [...mine, ...openers.filter((one) => one.serverId === serverId)];
    const others = foreign.filter((stored) => causes.some(({ cause }) => cause === stored.ordinal));
    const chain = [...own, ...others].sort((a, b) => a.ordinal - b.ordinal);
    const binding = fold.map.binding(serverId);
    return {
      serverId,
      ...(binding === undefined ? {} : { binding }),
      chain: chain.map((stored) => explained(fold, stored, mine)),
      drift: mine.filter((line) => line.cause === 'drift'),
    };
  });
  const declared: ExplainedFact[] = [];
  for (const stream of gateways) {
    declared.push(...within(await log.stream(stream), at).map((stored) => explained(fold, stored, [])));
  }
  const delegations = await explainedDelegations(log, { named, subject, at, fold });
  return {
    holdings,
    servers,
    delegations,
    gateways: declared,
    gaps: await gapsUpTo(log, subject, had, at),
    violations,
  };
}

function foldOf(events: readonly StoredEvent[], at: number | undefined): LogFold {
  const fold = new LogFold(at === undefined ? {} : { at });
  for (const event of events) fold.fold(event);
  return fold;
}

type Chains = ReadonlyMap<ServerId, readonly StoredEvent[]>;

async function linesOf(
  log: KnownLog,
  { chains, subject, at }: { readonly chains: Chains; readonly subject: Subject; readonly at: number | undefined },
): Promise<DeviceLine[]> {
  const causes = new Set([...chains.values()].flat().map((stored) => stored.ordinal));
  const lines = await deviceLines(log, { serverIds: new Set(chains.keys()), causes, at });
  return lines.filter((line) => carries(line, subject));
}

/** The server under which a line is told: its own, or else the one whose event caused it. */
function ownerOf(line: DeviceLine, chains: Chains): ServerId | undefined {
  if (line.serverId !== undefined && chains.has(line.serverId)) return line.serverId;
  return [...chains].find(([, own]) => own.some((stored) => stored.ordinal === line.cause))?.[0];
}

type Caused = Pick<DeviceLine, 'cause' | 'serverId'>;

/** Who had it, as the facts up to the moment asked for tell it. */
async function hadUpTo(deciding: readonly StoredEvent[], subject: Subject, at?: number): Promise<Interval[]> {
  return deciding.length === 0 ? [] : begunBy(await intervalsBy(deciding, subject), at ?? Number.POSITIVE_INFINITY);
}

/** The gaps up to the moment asked for, with what devices showed by then. */
async function gapsUpTo(log: KnownLog, subject: Subject, all: readonly Interval[], at?: number): Promise<Gap[]> {
  const lines = await readBacks(log, subject, all, at);
  const meant = all.map((one) => ({ ...one, sure: { pushed: onDevices(one, lines) } }));
  return gapsIn(log, subject, { all, meant, at });
}

/** The facts without which those who have an address now would not: a rival that gave it back is one. */
function openersOf(had: readonly Interval[], { kind }: Subject): Caused[] {
  if (kind === 'server') return [];
  return had.flatMap(({ to, serverId, opened }) =>
    to !== undefined || serverId === undefined ? [] : opened.map(({ ordinal }) => ({ cause: ordinal, serverId })),
  );
}

/** The events outside the chains that had a part in it: a link that went up, a rival that gave an address back. */
async function foreignCauses(log: KnownLog, chains: Chains, caused: readonly Caused[]): Promise<StoredEvent[]> {
  const wanted = new Set<number>(caused.flatMap(({ cause }) => (typeof cause === 'number' ? cause : [])));
  for (const stored of [...chains.values()].flat()) wanted.delete(stored.ordinal);
  return log.at([...wanted]);
}

function concernedServers(holdings: readonly Holding[], naming: ReadonlySet<string>): ServerId[] {
  const now = holdings.flatMap((one) => one.serverId ?? []);
  const ever = [...naming].flatMap((one) => serverOf(one) ?? []);
  return [...new Set(now.length > 0 ? now : ever)].sort();
}

function serverOf(stream: string): ServerId | undefined {
  return stream.startsWith('server-') ? (stream.slice(7) as ServerId) : undefined;
}

const addOnTypes: ReadonlySet<string> = new Set(['Ipv4AddOnBought', 'Ipv4AddOnCancelled', 'Ipv4AddressAllocated']);

/** The events of a server without those about other addresses of it. */
function chainOf(own: readonly StoredEvent[], subject: Subject): StoredEvent[] {
  if (subject.kind !== 'ip' && subject.kind !== 'prefix') return [...own];
  const addOns = new Set<string>();
  const prefixes = new Set<string>();
  const orders = new Set<string>();
  for (const event of own.flatMap(readable)) {
    if (!mentions(event, subject)) continue;
    if (event.type === 'Ipv4AddOnBought' || event.type === 'Ipv4AddressAllocated') addOns.add(event.data.addOnId);
    if (givesPrefix(event)) prefixes.add(event.data.prefix);
    if (event.type === 'Ipv6PrefixAllocated') orders.add(event.data.orderId);
  }
  const isAboutOthers = (event: LedgerEvent): boolean => {
    if (addOnTypes.has(event.type) && 'addOnId' in event.data) return !addOns.has(event.data.addOnId);
    if ('orderId' in event.data) return !orders.has(event.data.orderId);
    const isPrefix = event.type === 'Ipv6PrefixAssigned' || event.type === 'Ipv6PrefixReleased';
    return isPrefix && !prefixes.has(event.data.prefix);
  };
  return own.filter((stored) => !readable(stored).some(isAboutOthers));
}
