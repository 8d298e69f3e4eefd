import { decodeEvent, type LedgerEvent, parseInstant, type StoredEvent } from '../../../events/index.js';
import { historyKeys } from '../../../projections/index.js';
import type { Explained, WhoHadAnswer } from '../audit.js';
import {
  customersAround,
  decidingEvents,
  eventsAround,
  streamsNaming,
  violationsConcerning,
} from '../concerned-streams.js';
import { carries, type DeviceLine, deviceLines } from '../device-line.js';
import type { Holding } from '../holding.js';
import type { KnownLog } from '../known-log.js';
import { mentions } from '../mentions.js';
import type { Subject } from '../subject.js';
import type { Interval } from '../who-had.js';
import type { Answered } from './dossier-question.js';

/** Events gathered from a log, each once. */
class Gathered {
  private readonly byOrdinal = new Map<number, StoredEvent>();

  constructor(private readonly log: KnownLog) {}

  take(events: readonly StoredEvent[]): void {
    for (const event of events) this.byOrdinal.set(event.ordinal, event);
  }

  /** The events of one stream, all or those that are wanted. */
  async stream(name: string, isWanted: (event: StoredEvent) => boolean = () => true): Promise<void> {
    this.take((await this.log.stream(name)).filter(isWanted));
  }

  async at(ordinals: Iterable<number>): Promise<void> {
    this.take(await this.log.at([...new Set(ordinals)].sort((a, b) => a - b)));
  }

  /** The last reconcile of a device, or of all. */
  async lastReconcile(device?: string): Promise<void> {
    const key = device === undefined ? historyKeys.reconciled : historyKeys.reconciledOn(device);
    const isMeant = (stored: StoredEvent): boolean => {
      const event = stored.type === 'ReconcileFinished' ? decoded(stored) : undefined;
      return event?.type === 'ReconcileFinished' && (device === undefined || event.data.device === device);
    };
    const last = await this.log.lastNamed(key, isMeant, device === undefined ? undefined : `journal-${device}`);
    if (last !== undefined) this.take([last]);
  }

  /** What reading devices back showed of some servers, as far as it carries the subject. */
  async linesOf(serverIds: ReadonlySet<string>, subject: Subject, at?: number): Promise<readonly DeviceLine[]> {
    const lines = await deviceLines(this.log, { serverIds, causes: new Set(), at });
    const own = lines.filter((line) => carries(line, subject));
    await this.at(own.map(({ ordinal }) => ordinal));
    return own;
  }

  /**
   * Of all servers whose events are gathered: whether the link was up at every port where one ever was, and whether a device lost
   * what it had for one. Without that the gaps of an explanation cannot be told again.
   */
  async networkAround({ subject, at, between }: Explained): Promise<void> {
    const told = this.events.filter(({ stream }) => stream.startsWith('server-'));
    for (const port of new Set(told.flatMap(portIn))) await this.stream(`port-${port}`, isOfLink);
    const servers = new Set(told.map(({ stream }) => stream.slice('server-'.length)));
    await this.linesOf(servers, subject, parseInstant(between?.split('..')[1] ?? at));
  }

  get events(): StoredEvent[] {
    return [...this.byOrdinal.values()].sort((a, b) => a.ordinal - b.ordinal);
  }
}

/**
 * The events that an answer names, and those of the servers, gateways, ports and violations it is about: what a reader
 * needs to see, and nothing of others. In log order.
 */
export async function namedEvents(log: KnownLog, answered: Answered): Promise<StoredEvent[]> {
  const gathered = new Gathered(log);
  if (answered.kind === 'who-had') await ofWhoHad(gathered, answered.answer);
  else await ofExplained(gathered, answered.answer);
  if (gathered.events.length === 0) await ofNaming(gathered, log, answered.answer.subject);
  return gathered.events;
}

/** With them everything that decides the answer: also the streams of all who could have stood before somebody in line. */
export async function decidingToo(
  log: KnownLog,
  answered: Answered,
  named: readonly StoredEvent[],
): Promise<StoredEvent[]> {
  const { kind, answer } = answered;
  const gathered = new Gathered(log);
  gathered.take(named);
  const streams = await streamsNaming(log, answer.subject);
  gathered.take(await decidingEvents(log, answer.subject, streams));
  if (kind === 'explain') {
    const around = {
      serverIds: named.flatMap(({ stream }) => (stream.startsWith('server-') ? stream.slice('server-'.length) : [])),
      streams: [...new Set(named.map(({ stream }) => stream).filter((one) => !one.startsWith('journal-')))],
      violations: [...(await violationsConcerning(log, answer.subject))],
    };
    const all = await customersAround(log, new Set([...streams, ...around.streams]));
    for (const stream of around.streams) all.add(stream);
    gathered.take(await eventsAround(log, { ...around, streams: [...all], serverIds: [...new Set(around.serverIds)] }));
    await gathered.networkAround(answer);
  }
  return gathered.events;
}

async function ofWhoHad(gathered: Gathered, answer: WhoHadAnswer): Promise<void> {
  const { intervals, believed = [], gaps, idle, subject } = answer;
  const all: readonly Interval[] = [...intervals, ...believed];
  const facts = [
    ...all.flatMap(({ opened, closed, namedBy }) => [
      ...opened,
      ...closed,
      ...(namedBy === undefined ? [] : [namedBy]),
    ]),
    ...gaps.flatMap(({ began, ended }) => [...began, ...ended]),
    ...idle.flatMap(({ fact, by }) => (by === undefined ? [fact] : [fact, by])),
  ];
  await gathered.at(facts.map(({ ordinal }) => ordinal));
  const servers = serversOf(all);
  const gateways = all.flatMap((one) => (one.role === 'gateway' && one.switch !== undefined ? [one.switch] : []));
  for (const id of servers) await gathered.stream(`server-${id}`);
  for (const name of new Set(gateways)) await gathered.stream(`gateway-${name}`);
  for (const { stream } of idle.map(({ fact }) => fact)) await gathered.stream(stream);

  const macs = new Set<string | undefined>(intervals.map(({ mac }) => mac));
  const isHeard = (stored: StoredEvent): boolean => {
    const event = decoded(stored);
    if (event?.type === 'LinkUp' || event?.type === 'LinkDown') return true;
    return event?.type === 'MacSeen' && macs.has(event.data.mac);
  };
  for (const port of new Set(intervals.flatMap((one) => one.port ?? [])))
    await gathered.stream(`port-${port}`, isHeard);
  const holders = new Set<string>(intervals.flatMap(({ serverId }) => serverId ?? []));
  const own = await gathered.linesOf(holders, subject);
  for (const device of new Set(own.map((line) => line.device))) await gathered.lastReconcile(device);
  if (intervals.some(({ sure }) => sure?.notPushed !== undefined)) await gathered.lastReconcile();
}

async function ofExplained(gathered: Gathered, answer: Explained): Promise<void> {
  const { holdings, servers, delegations, gateways, gaps, violations } = answer;
  const chains = servers.flatMap(({ chain }) => chain);
  const lines: readonly DeviceLine[] = [
    ...chains.flatMap((one) => one.lines),
    ...servers.flatMap(({ drift }) => drift),
  ];
  const delegated = delegations.flatMap(({ chain }) => chain);
  await gathered.at([...chains, ...delegated, ...gateways].map(({ fact }) => fact.ordinal));
  await gathered.at(lines.map(({ ordinal }) => ordinal));
  await gathered.at(lines.flatMap(({ cause }) => (typeof cause === 'number' ? cause : [])));
  const ids = serversOf(holdings);
  for (const { serverId, binding } of servers) {
    ids.add(serverId);
    for (const { holder } of binding?.conflicts ?? []) ids.add(holder);
  }
  for (const id of ids) await gathered.stream(`server-${id}`);
  for (const { serverId, began, ended } of gaps) {
    if (serverId !== undefined) await gathered.stream(`server-${serverId}`);
    for (const { stream } of [...began, ...ended]) if (stream.startsWith('server-')) await gathered.stream(stream);
    await gathered.at([...began, ...ended].map(({ ordinal }) => ordinal));
  }
  await gathered.networkAround(answer);
  for (const { fact } of gateways) await gathered.stream(fact.stream);
  for (const { violationId } of violations) await gathered.stream(`violation-${violationId}`);
}

/** Of an answer that names nothing: what shows that the subject is known at all, such as the link of a port without a server. */
async function ofNaming(gathered: Gathered, log: KnownLog, subject: Subject): Promise<void> {
  const isNaming = (stored: StoredEvent): boolean => {
    const event = decoded(stored);
    return event !== undefined && mentions(event, subject);
  };
  for (const stream of await streamsNaming(log, subject)) await gathered.stream(stream, isNaming);
}

/** Who has it, and who stands before somebody in line. */
function serversOf(holdings: readonly Holding[]): Set<string> {
  return new Set(
    holdings.flatMap(({ serverId, heldBy = [] }) => (serverId === undefined ? heldBy : [serverId, ...heldBy])),
  );
}

const isOfLink = ({ type }: StoredEvent): boolean => type === 'LinkUp' || type === 'LinkDown';

/** The port that a server is said to be on. */
function portIn(stored: StoredEvent): string[] {
  const event = decoded(stored);
  const isPlace =
    event?.type === 'ServerAdded' || event?.type === 'ServerMoved' || event?.type === 'ServerRecordCorrected';
  return isPlace && event.data.port !== undefined ? [event.data.port] : [];
}

function decoded(stored: StoredEvent): LedgerEvent | undefined {
  const read = decodeEvent(stored);
  return read.readable ? read.event : undefined;
}
