import {
  decodeEvent,
  type EventType,
  type Ipv6Prefix,
  type LedgerEvent,
  type StoredEvent,
  switchOf,
} from '../../events/index.js';
import { historyKeys, keysOverlapping } from '../../projections/index.js';
import type { KeysOf, KnownLog } from './known-log.js';
import { delegatesPrefix, givesPrefix, isAbout, mayMention, mentions, overlap, violationConcerns } from './mentions.js';
import { namingKeys, ownStream, violationKeys } from './subject-keys.js';
import type { Subject } from './subject.js';

/** The streams with an event that names the subject, whether that event counts or not. */
export async function streamsNaming(log: KnownLog, subject: Subject): Promise<Set<string>> {
  const isMeant = (stored: StoredEvent): boolean =>
    mayMention(stored.type, subject) && isReadable(stored, (event) => mentions(event, subject));
  const streams = await streamsWhere(log, namingKeys(subject), isMeant);
  const own = ownStream(subject);
  if (own !== undefined && !streams.has(own)) {
    for await (const page of log.pagesOfStream(own, 20)) {
      if (!page.some(isMeant)) continue;
      streams.add(own);
      break;
    }
  }
  return streams;
}

/**
 * All events that decide who had the subject when: those of the servers and gateways that name it (`named`), and those of the servers that
 * can stand before them in line. A claim waits for earlier claims whether those hold or wait, so the rivals of the
 * rivals do not matter. In log order.
 */
export async function decidingEvents(
  log: KnownLog,
  subject: Subject,
  named: ReadonlySet<string>,
): Promise<StoredEvent[]> {
  const naming = new Set([...named].filter((stream) => stream.startsWith('server-') || stream.startsWith('gateway-')));
  const own = await eventsOf(log, naming);
  const rivals = await rivalsOf(log, own, (event) => mentions(event, subject));
  for (const stream of naming) rivals.delete(stream);
  return [...own, ...(await eventsOf(log, rivals))].sort((a, b) => a.ordinal - b.ordinal);
}

/**
 * All events that decide what the map says of these servers, of the streams named beside, and of these violations: their own, those of
 * every server that contests something the servers ever claimed, and of the links of their ports. In log order.
 */
export async function eventsAround(log: KnownLog, around: Around): Promise<StoredEvent[]> {
  const own = await eventsOf(log, new Set(around.serverIds.map((id) => `server-${id}`)));
  const streams = new Set([...around.streams, ...own.map(({ stream }) => stream)]);
  for (const stream of await rivalsOf(log, own, () => true)) streams.add(stream);
  const decoded = own.flatMap((stored) => readable(stored));
  const addresses = decoded.flatMap(({ type, data }) => (type === 'Ipv4AddOnBought' ? (data.address ?? []) : []));
  for (const stream of await sellersOf(log, new Set(addresses))) streams.add(stream);
  for (const { port } of decoded.map(placeIn)) if (port !== undefined) streams.add(`port-${port}`);
  for (const stored of await eventsOf(log, new Set(around.violations))) {
    // That billing will not suspend the offender stands in the stream of that server.
    for (const { type, data } of readable(stored))
      if (type === 'ViolationDetected' && data.offenderServerId !== undefined)
        streams.add(`server-${data.offenderServerId}`);
    streams.add(stored.stream);
  }
  return (await eventsOf(log, streams)).sort((a, b) => a.ordinal - b.ordinal);
}

/** What `eventsAround` gathers the events of. */
export interface Around {
  readonly serverIds: readonly string[];
  /** Streams whose own events decide. */
  readonly streams: readonly string[];
  /** Streams of violations. */
  readonly violations: readonly string[];
}

/** The streams of the servers that ever bought one of these addresses. */
async function sellersOf(log: KnownLog, addresses: ReadonlySet<string>): Promise<Set<string>> {
  if (addresses.size === 0) return new Set();
  const isMeant = (stored: StoredEvent): boolean =>
    stored.type === 'Ipv4AddOnBought' &&
    isReadable(stored, ({ type, data }) => type === 'Ipv4AddOnBought' && addresses.has(data.address ?? ''));
  return streamsWhere(log, () => [...addresses].map(historyKeys.ip), isMeant);
}

/** Of these streams those of customers, and of the customers whose prefixes ever met one of theirs: what decides whether they hold. */
export async function customersAround(log: KnownLog, named: ReadonlySet<string>): Promise<Set<string>> {
  const own = new Set([...named].filter((stream) => stream.startsWith('customer-')));
  const events = (await eventsOf(log, own)).flatMap(readable);
  const prefixes = events.flatMap((event) => (delegatesPrefix(event) ? [event.data.prefix] : []));
  const isRival = (stored: StoredEvent): boolean =>
    isReadable(stored, (event) => delegatesPrefix(event) && prefixes.some((one) => overlap(one, event.data.prefix)));
  const keysOf: KeysOf = (lengths) => prefixes.flatMap((one) => keysOverlapping(historyKeys.prefixes, one, lengths));
  const rivals = prefixes.length === 0 ? [] : await streamsWhere(log, keysOf, isRival);
  return new Set([...own, ...rivals]);
}

/** Everything that was ordered and found of the renumberings of a server which concern the subject. In log order. */
export async function renumberingsOf(log: KnownLog, serverId: string, subject: Subject): Promise<StoredEvent[]> {
  const isMeant = (stored: StoredEvent): boolean =>
    stored.type === 'RenumberingStarted' &&
    isReadable(
      stored,
      ({ type, data }) =>
        type === 'RenumberingStarted' &&
        data.serverId === serverId &&
        [data.from, data.to].some((prefix) => isAbout(prefix, subject)),
    );
  const streams = await streamsWhere(log, () => [historyKeys.renumberingOf(serverId)], isMeant);
  return (await eventsOf(log, streams)).sort((a, b) => a.ordinal - b.ordinal);
}

/** The streams of the violations that concern the subject. */
export async function violationsConcerning(log: KnownLog, subject: Subject): Promise<Set<string>> {
  const isMeant = (stored: StoredEvent): boolean =>
    stored.type === 'ViolationDetected' &&
    isReadable(stored, ({ type, data }) => type === 'ViolationDetected' && violationConcerns(data, subject));
  return streamsWhere(log, violationKeys(subject), isMeant);
}

/**
 * The streams of the servers that ever claimed a place, or one of the prefixes meant, that these events of a server
 * name as well.
 */
async function rivalsOf(
  log: KnownLog,
  own: readonly StoredEvent[],
  isPrefixMeant: (event: LedgerEvent) => boolean,
): Promise<Set<string>> {
  const contested = contestedBy(own, isPrefixMeant);
  const isRival = (stored: StoredEvent): boolean =>
    contestingTypes.has(stored.type) && isReadable(stored, (event) => contests(event, contested));
  return streamsWhere(log, rivalKeys(contested), isRival);
}

async function streamsWhere(
  log: KnownLog,
  keysOf: KeysOf,
  isMeant: (stored: StoredEvent) => boolean,
): Promise<Set<string>> {
  const streams = new Set<string>();
  for await (const page of log.naming(keysOf))
    for (const stored of page) if (!streams.has(stored.stream) && isMeant(stored)) streams.add(stored.stream);
  return streams;
}

/** The type is asked before this: decoding costs more than all else here. */
function isReadable(stored: StoredEvent, isMeant: (event: LedgerEvent) => boolean): boolean {
  return readable(stored).some(isMeant);
}

function readable(stored: StoredEvent): LedgerEvent[] {
  const decoded = decodeEvent(stored);
  return decoded.readable ? [decoded.event] : [];
}

async function eventsOf(log: KnownLog, streams: ReadonlySet<string>): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (const stream of streams) events.push(...(await log.stream(stream)));
  return events;
}

const contestingTypes: ReadonlySet<string> = new Set<EventType>([
  'ServerAdded',
  'ServerMoved',
  'ServerRecordCorrected',
  'Ipv6PrefixAssigned',
  'Ipv6PrefixAllocated',
]);

/** What the servers that name the subject ever said of themselves that another server can contest. */
interface Contested {
  readonly switches: ReadonlySet<string>;
  readonly vlans: ReadonlySet<number>;
  readonly prefixes: readonly Ipv6Prefix[];
}

function contestedBy(own: readonly StoredEvent[], isPrefixMeant: (event: LedgerEvent) => boolean): Contested {
  const switches = new Set<string>();
  const vlans = new Set<number>();
  const prefixes: Ipv6Prefix[] = [];
  for (const stored of own) {
    const decoded = decodeEvent(stored);
    if (!decoded.readable) continue;
    const { event } = decoded;
    const { port, vlan } = placeIn(event);
    if (port !== undefined) switches.add(switchOf(port));
    if (vlan !== undefined) vlans.add(vlan);
    if (givesPrefix(event) && isPrefixMeant(event)) prefixes.push(event.data.prefix);
  }
  return { switches, vlans, prefixes };
}

/** Under these keys stands every event that `contests`. */
function rivalKeys({ switches, vlans, prefixes }: Contested): KeysOf {
  const places = [...switches].flatMap((name) => [...vlans].map((vlan) => historyKeys.vlan(name, vlan)));
  const halves = [
    ...[...switches].map((name) => historyKeys.switchAlone(name)),
    ...[...vlans].map((vlan) => historyKeys.vlanAlone(vlan)),
  ];
  return (lengths) => [
    ...places,
    ...halves,
    ...prefixes.flatMap((one) => keysOverlapping(historyKeys.prefixes, one, lengths)),
  ];
}

/**
 * A rival for a VLAN says switch and VLAN in one event, or has corrected one of the two alone (then the other one may
 * come from any event). A MAC is contested within its VLAN, so its rivals are among these.
 */
function contests(event: LedgerEvent, { switches, vlans, prefixes }: Contested): boolean {
  if (givesPrefix(event)) return prefixes.some((one) => overlap(one, event.data.prefix));
  const { port, vlan } = placeIn(event);
  if (port === undefined && vlan === undefined) return false;
  return (port === undefined || switches.has(switchOf(port))) && (vlan === undefined || vlans.has(vlan));
}

type Place = Pick<Extract<LedgerEvent, { type: 'ServerRecordCorrected' }>['data'], 'port' | 'vlan'>;

function placeIn(event: LedgerEvent): Place {
  const { type } = event;
  return type === 'ServerAdded' || type === 'ServerMoved' || type === 'ServerRecordCorrected' ? event.data : {};
}
