import { setImmediate } from 'node:timers/promises';
import {
  catalogue,
  decodeEvent,
  type EventType,
  formatInstant,
  parseInstant,
  type StoredEvent,
} from '../../../events/index.js';
import { isOpen, type NetbootPrefixes } from '../../../projections/index.js';
import type { EventStore } from '../../event-store/event-store.port.js';
import type { LiveMap } from '../../projector/live-map.js';
import type { SensorLog } from '../judge/verdict-writer.js';
import { urlNamespace, uuidV5 } from '../../event-store/event-store.port.js';
import { hasNews, keysOfFact, keysOfServer } from './concerned.js';
import { FactsAbout } from './facts-about.js';
import { detectionIn, exoneratingFact } from './late-verdict.js';
import { OpenViolationIndex } from './open-violation-index.js';

export interface ExonerationOptions {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly liveMap: LiveMap;
  readonly log: SensorLog;
  /** What machines without a sold IPv4 address are started from; default nothing. */
  readonly netboot?: NetbootPrefixes;
  /** Wall clock, ms since 1970; default Date.now. */
  readonly now?: () => number;
  /** After the log could not be read or written, ms; default 5000. */
  readonly retryMs?: number;
}

const judgingTypes: ReadonlySet<string> = new Set<EventType>([
  'ServerAdded',
  'ServerMoved',
  'ServerNicReplaced',
  'ServerTransferred',
  'ServerRemoved',
  'ServerRecordCorrected',
  'ServerMacAdded',
  'ServerMacRemoved',
  'ServerMacEnrolled',
  'Ipv6PrefixAssigned',
  'Ipv6PrefixReleased',
  'Ipv4AddOnBought',
  'Ipv4AddOnCancelled',
  'Ipv4AddressAllocated',
  'Ipv6PrefixOrdered',
  'Ipv6PrefixOrderCancelled',
  'Ipv6PrefixAllocated',
  'GatewayDeclared',
  'GatewayRetired',
]);
const source = 'urn:portledger:exoneration';

/**
 * Judges stored violations again when a fact arrives late or is corrected: one that was none is exonerated, and the event
 * names the fact. Looks only at open violations that the fact can touch, and only at facts about the time of their frames.
 * Work is done one violation after the other beside everything else: a bulk import stalls nothing.
 */
export class Exoneration {
  private readonly index: OpenViolationIndex;
  /** To be judged again, with servers that facts were about. */
  private readonly due = new Map<string, Set<string>>();
  private working: Promise<void> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;
  private readonly subscriptions: { unsubscribe(): void }[] = [];
  /** Capture time of the latest frame of any open violation, ms since 1970: what became true after it touches none. */
  private latest = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: ExonerationOptions) {
    this.index = new OpenViolationIndex(options.liveMap.map);
  }

  /** Looks at everything once the map is live: what arrived while nobody looked counts as well. */
  start(): void {
    const { liveMap } = this.options;
    let isLive = false;
    this.subscriptions.push(
      liveMap.changes$.subscribe((changes) => {
        if (!isLive) {
          isLive = true;
          this.run(() => this.lookAtAll());
        }
        for (const { table, key } of changes) if (table === 'violations' && this.take(key)) this.askOfNews(key);
        if (this.due.size > 0) this.run(() => Promise.resolve());
      }),
      liveMap.events$.subscribe((events) => this.hear(events)),
    );
  }

  /** Violations that wait to be judged again. */
  get waiting(): number {
    return this.due.size;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const one of this.subscriptions) one.unsubscribe();
    clearTimeout(this.retry);
    await this.working;
  }

  /** True for a violation that is open now and was not before. */
  private take(violationId: string): boolean {
    const isNew = this.index.update(violationId);
    const row = this.options.liveMap.map.violations.get(violationId);
    if (row !== undefined && isOpen(row.state)) this.latest = Math.max(this.latest, row.firstSeen);
    return isNew;
  }

  /** What became known while the violation was on its way into the log was heard before it could be found here. */
  private askOfNews(violationId: string): void {
    const { map } = this.options.liveMap;
    const row = map.violations.get(violationId);
    if (row !== undefined && hasNews(map, row)) this.queue(violationId, undefined);
  }

  private hear(events: readonly StoredEvent[]): void {
    if (this.index.size === 0) return;
    for (const stored of events) {
      if (!judgingTypes.has(stored.type)) {
        if (stored.type === 'EventSkipped') this.released(stored.stream);
        continue;
      }
      const time = parseInstant(stored.metadata.time) ?? Number.POSITIVE_INFINITY;
      if (time > this.latest) continue;
      const decoded = decodeEvent(stored);
      if (!decoded.readable) continue;
      const about = 'serverId' in decoded.event.data ? decoded.event.data.serverId : undefined;
      for (const row of this.index.under(keysOfFact(this.options.liveMap.map, decoded.event)))
        if (row.firstSeen >= time) this.queue(row.violationId, about);
    }
    if (this.due.size > 0) this.run(() => Promise.resolve());
  }

  /** The facts that were held behind an unreadable one count from now on. */
  private released(stream: string): void {
    if (!stream.startsWith('server-')) return;
    const serverId = stream.slice('server-'.length);
    for (const row of this.index.under(keysOfServer(this.options.liveMap.map, serverId)))
      this.queue(row.violationId, serverId);
  }

  private queue(violationId: string, serverId: string | undefined): void {
    const servers = this.due.get(violationId) ?? new Set();
    if (serverId !== undefined) servers.add(serverId);
    this.due.set(violationId, servers);
  }

  /** A server that changed after the judging, of those a violation concerns, is reason enough to judge it again. */
  private async lookAtAll(): Promise<void> {
    const { map } = this.options.liveMap;
    let looked = 0;
    for (const violationId of [...map.violations.keys()]) {
      if (this.closed) return;
      this.take(violationId);
      const row = map.violations.get(violationId);
      if (row !== undefined && isOpen(row.state) && hasNews(map, row)) this.queue(violationId, undefined);
      if (++looked % 500 === 0) await setImmediate();
    }
  }

  private run(first: () => Promise<void>): void {
    if (this.working !== undefined || this.closed) return;
    this.working = this.workOff(first).finally(() => {
      this.working = undefined;
      if (this.due.size > 0 && this.retry === undefined) this.run(() => Promise.resolve());
    });
  }

  private async workOff(first: () => Promise<void>): Promise<void> {
    await first();
    for (let [next] = this.due; next !== undefined && !this.closed; [next] = this.due) {
      const [violationId, servers] = next;
      this.due.delete(violationId);
      try {
        await this.judgeAgain(violationId, servers);
      } catch (error) {
        this.options.log.error('a violation could not be judged again, will retry', {
          violationId,
          reason: error instanceof Error ? error.message : String(error),
        });
        this.due.set(violationId, servers);
        return this.runLater();
      }
      await setImmediate();
    }
  }

  private runLater(): void {
    if (this.closed) return;
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.run(() => Promise.resolve());
    }, this.options.retryMs ?? 5_000);
    this.retry.unref();
  }

  private async judgeAgain(violationId: string, about: ReadonlySet<string>): Promise<void> {
    const { store, liveMap, log, netboot } = this.options;
    const { map } = liveMap;
    const row = map.violations.get(violationId);
    if (row === undefined || !isOpen(row.state)) return;
    const stream = `violation-${violationId}`;
    const { events } = await store.readStream(stream, { limit: 1 });
    const violation = detectionIn(events[0]);
    if (violation === undefined) return;
    const facts = await new FactsAbout(store, map, liveMap.ordinal).of(row, about);
    const fact = exoneratingFact({ violation, facts, lastSeen: row.lastSeen }, netboot);
    if (fact === undefined) return;
    const id = uuidV5(uuidV5(urlNamespace, source), `${violationId} ${fact.id}`);
    const data = { violationId, eventId: fact.id, reason: reasonOf(fact) };
    const { version } = catalogue.ViolationExonerated;
    const time = formatInstant((this.options.now ?? Date.now)());
    const metadata = { source, sourceId: id, schemaVersion: version, time, causedBy: [fact.id] };
    const event = { id, type: 'ViolationExonerated', data, metadata };
    const { outcome } = await store.append({ stream, expected: 'any', events: [event] });
    if (outcome === 'stored') log.info('violation exonerated', { violationId, eventId: fact.id });
  }
}

function reasonOf({ type, stream, metadata }: StoredEvent): string {
  return `${type} in ${stream} says so since ${metadata.time}; it was stored at ${metadata.recordedAt}.`;
}
