import { decodeEvent, type LedgerEvent, type StoredEvent } from '../../../events/index.js';
import type { Explained, WhoHadAnswer } from '../audit.js';
import { decidingEvents, eventsAround, streamsNaming, violationsConcerning } from '../concerned-streams.js';
import { carries, type DeviceLine, deviceLines } from '../device-line.js';
import type { Holding } from '../holding.js';
import type { KnownLog } from '../known-log.js';
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
    for await (const stored of this.log.newestFirst(device === undefined ? undefined : `journal-${device}`)) {
      if (decoded(stored)?.type !== 'ReconcileFinished') continue;
      this.take([stored]);
      return;
    }
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
  if (answered.kind === 'who-had') await ofWhoHad(gathered, log, answered.answer);
  else await ofExplained(gathered, answered.answer);
  return gathered.events;
}

/** With them everything that decides the answer: also the streams of all who could have stood before somebody in line. */
export async function decidingToo(
  log: KnownLog,
  { kind, answer }: Answered,
  named: readonly StoredEvent[],
): Promise<StoredEvent[]> {
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
    gathered.take(await eventsAround(log, { ...around, serverIds: [...new Set(around.serverIds)] }));
  }
  return gathered.events;
}

async function ofWhoHad(gathered: Gathered, log: KnownLog, answer: WhoHadAnswer): Promise<void> {
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
  const lines = await deviceLines(log, { serverIds: holders, causes: new Set(), at: undefined });
  const own = lines.filter((line) => carries(line, subject));
  await gathered.at(own.map(({ ordinal }) => ordinal));
  for (const device of new Set(own.map((line) => line.device))) await gathered.lastReconcile(device);
  if (intervals.some(({ sure }) => sure?.notPushed !== undefined)) await gathered.lastReconcile();
}

async function ofExplained(gathered: Gathered, answer: Explained): Promise<void> {
  const { holdings, servers, gateways, violations } = answer;
  const chains = servers.flatMap(({ chain }) => chain);
  const lines: readonly DeviceLine[] = [
    ...chains.flatMap((one) => one.lines),
    ...servers.flatMap(({ drift }) => drift),
  ];
  await gathered.at([...chains, ...gateways].map(({ fact }) => fact.ordinal));
  await gathered.at(lines.map(({ ordinal }) => ordinal));
  await gathered.at(lines.flatMap(({ cause }) => (typeof cause === 'number' ? cause : [])));
  const ids = serversOf(holdings);
  for (const { serverId, binding } of servers) {
    ids.add(serverId);
    for (const { holder } of binding?.conflicts ?? []) ids.add(holder);
    if (binding?.port !== undefined)
      await gathered.stream(`port-${binding.port}`, ({ type }) => type.startsWith('Link'));
  }
  for (const id of ids) await gathered.stream(`server-${id}`);
  for (const { fact } of gateways) await gathered.stream(fact.stream);
  for (const { violationId } of violations) await gathered.stream(`violation-${violationId}`);
}

/** Who has it, and who stands before somebody in line. */
function serversOf(holdings: readonly Holding[]): Set<string> {
  return new Set(
    holdings.flatMap(({ serverId, heldBy = [] }) => (serverId === undefined ? heldBy : [serverId, ...heldBy])),
  );
}

function decoded(stored: StoredEvent): LedgerEvent | undefined {
  const read = decodeEvent(stored);
  return read.readable ? read.event : undefined;
}
