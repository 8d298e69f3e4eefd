import {
  decodeEvent,
  type EventType,
  type Ipv6Prefix,
  type LedgerEvent,
  type StoredEvent,
  switchOf,
} from '../../events/index.js';
import type { KnownLog } from './known-log.js';
import { mayMention, mentions, overlap } from './mentions.js';
import type { Subject } from './subject.js';

/** The streams with an event that names the subject, whether that event counts or not. */
export async function streamsNaming(log: KnownLog, subject: Subject): Promise<Set<string>> {
  const mayBe = (type: string): boolean => mayMention(type, subject);
  return streamsWhere(log, mayBe, (event) => mentions(event, subject));
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
  const contested = contestedBy(own, subject);
  const rivals = await streamsWhere(
    log,
    (type) => contestingTypes.has(type),
    (event) => contests(event, contested),
  );
  for (const stream of naming) rivals.delete(stream);
  return [...own, ...(await eventsOf(log, rivals))].sort((a, b) => a.ordinal - b.ordinal);
}

/** The type is asked first: decoding costs more than all else here. */
async function streamsWhere(
  log: KnownLog,
  mayBeMeant: (type: string) => boolean,
  isMeant: (event: LedgerEvent) => boolean,
): Promise<Set<string>> {
  const streams = new Set<string>();
  for await (const page of log.pages()) {
    for (const stored of page) {
      if (!mayBeMeant(stored.type) || streams.has(stored.stream)) continue;
      const decoded = decodeEvent(stored);
      if (decoded.readable && isMeant(decoded.event)) streams.add(stored.stream);
    }
  }
  return streams;
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
]);

/** What the servers that name the subject ever said of themselves that another server can contest. */
interface Contested {
  readonly switches: ReadonlySet<string>;
  readonly vlans: ReadonlySet<number>;
  readonly prefixes: readonly Ipv6Prefix[];
}

function contestedBy(own: readonly StoredEvent[], subject: Subject): Contested {
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
    if (event.type === 'Ipv6PrefixAssigned' && mentions(event, subject)) prefixes.push(event.data.prefix);
  }
  return { switches, vlans, prefixes };
}

/**
 * A rival for a VLAN says switch and VLAN in one event, or has corrected one of the two alone (then the other one may
 * come from any event). A MAC is contested within its VLAN, so its rivals are among these.
 */
function contests(event: LedgerEvent, { switches, vlans, prefixes }: Contested): boolean {
  if (event.type === 'Ipv6PrefixAssigned') return prefixes.some((one) => overlap(one, event.data.prefix));
  const { port, vlan } = placeIn(event);
  if (port === undefined && vlan === undefined) return false;
  return (port === undefined || switches.has(switchOf(port))) && (vlan === undefined || vlans.has(vlan));
}

type Place = Pick<Extract<LedgerEvent, { type: 'ServerRecordCorrected' }>['data'], 'port' | 'vlan'>;

function placeIn(event: LedgerEvent): Place {
  const { type } = event;
  return type === 'ServerAdded' || type === 'ServerMoved' || type === 'ServerRecordCorrected' ? event.data : {};
}
