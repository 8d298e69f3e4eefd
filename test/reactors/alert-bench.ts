// A log, a map and a destination under a clock that a test moves; the destination answers as the test says.
import { formatInstant, type StoredEvent } from '../../events/index.js';
import { isInSurvey, Mutes } from '../../projections/index.js';
import { AlertDestinationConfig } from '../../src/config/app-config.js';
import { choicesOf } from '../../src/config/alerts-config.js';
import type { AlertDriver, AlertMessage, AlertOutcome } from '../../src/drivers/alert/alert.port.js';
import type { AppendOutcome, AppendRequest, NewEvent, ReadPage } from '../../src/event-store/event-store.port.js';
import { Alerts } from '../../src/ops/alerts.js';
import { Log } from '../../src/ops/log.js';
import { LiveMap } from '../../src/projector/live-map.js';
import { AlertFeed } from '../../src/reactors/alert-feed.js';
import { AlertJournal } from '../../src/reactors/alert-journal.js';
import type { Destination } from '../../src/reactors/alert-options.js';
import { AlertReactor } from '../../src/reactors/alert.reactor.js';

export const startMs = Date.UTC(2026, 10, 2);
export const minute = 60_000;

/** A store in memory that a live map follows at once. */
export class MemoryStore {
  readonly events: StoredEvent[] = [];
  readonly liveMap = new LiveMap('00000000-0000-4000-8000-000000000000');
  private readonly revisions = new Map<string, number>();
  /** While set, nothing can be stored. */
  isFull = false;

  constructor(private readonly now: () => number) {
    this.liveMap.becameLive();
  }

  append({ stream, events }: AppendRequest): Promise<AppendOutcome> {
    if (this.isFull) return Promise.reject(new Error('the disk is full'));
    return Promise.resolve({ outcome: 'stored', events: events.map((event) => this.put(stream, event)) });
  }

  put(stream: string, event: NewEvent): StoredEvent {
    const ordinal = this.events.length;
    const revision = this.revisions.get(stream) ?? 0;
    this.revisions.set(stream, revision + 1);
    const stored: StoredEvent = {
      ...event,
      stream,
      metadata: { ...event.metadata, recordedAt: formatInstant(this.now()) },
      revision,
      position: String(ordinal),
      ordinal,
    };
    this.events.push(stored);
    this.liveMap.foldPage([stored]);
    return stored;
  }

  readStream(
    stream: string,
    asked: { fromRevision?: number; limit?: number; backwards?: boolean } = {},
  ): Promise<ReadPage> {
    const { limit = 1000, backwards = false } = asked;
    const own = this.events.filter((one) => one.stream === stream);
    const { fromRevision = backwards ? own.length - 1 : 0 } = asked;
    const fit = own.filter(({ revision }) => (backwards ? revision <= fromRevision : revision >= fromRevision));
    const events = (backwards ? fit.reverse() : fit).slice(0, limit);
    return Promise.resolve({ events, next: fit.length > events.length ? 'more' : undefined });
  }

  readAll({ after = '-1', limit = 1000 }: { after?: string; limit?: number } = {}): Promise<ReadPage> {
    const fit = this.events.slice(Number(after) + 1);
    const events = fit.slice(0, limit);
    return Promise.resolve({ events, next: fit.length > events.length ? events.at(-1)?.position : undefined });
  }

  findById(id: string): Promise<StoredEvent | undefined> {
    return Promise.resolve(this.events.find((event) => event.id === id));
  }
}

/** A destination that answers what it is told to, and keeps what it took. */
export class Sink implements AlertDriver {
  readonly place = 'sink';
  readonly tried: AlertMessage[] = [];
  readonly taken: AlertMessage[] = [];
  /** Asked at every try. */
  answer: (message: AlertMessage) => AlertOutcome = () => ({ outcome: 'delivered' });

  deliver(message: AlertMessage): Promise<AlertOutcome> {
    this.tried.push(message);
    const outcome = this.answer(message);
    if (outcome.outcome === 'delivered') this.taken.push(message);
    return Promise.resolve(outcome);
  }

  /** What was taken, as `kind violation`, in order; a message of several as its count. */
  get told(): string[] {
    return this.taken.map(({ count, items: [first] }) =>
      count > 1
        ? `${count} alerts`
        : `${first.kind} ${first.violation?.violationId ?? first.facts?.['code'] ?? ''}`.trim(),
    );
  }
}

export interface Wanted extends Partial<AlertDestinationConfig> {
  readonly atOnce?: number;
  readonly everyMs?: number;
  readonly digestMs?: number;
}

export class AlertBench {
  nowMs = startMs;
  readonly now = (): number => this.nowMs;
  readonly store = new MemoryStore(this.now);
  readonly alerts = new Alerts(new Log('json', () => {}), this.now);
  readonly mutes = new Mutes();
  readonly sink = new Sink();
  readonly feed = new AlertFeed(this.store, this.store.liveMap);
  private count = 0;

  constructor() {
    this.feed.start();
  }

  /** A reactor as an engine that just started has it. */
  open({ atOnce = 1000, everyMs = 1, digestMs, ...said }: Wanted = {}): AlertReactor {
    const wanted = Object.assign(new AlertDestinationConfig(), { name: 'soc', ...said });
    const { name, severity, rules, sites, billing, unacknowledgedMinutes } = wanted;
    const unacknowledged =
      unacknowledgedMinutes === undefined ? {} : { unacknowledgedMs: unacknowledgedMinutes * minute };
    const choices = unacknowledgedMinutes === undefined ? choicesOf(wanted) : [];
    const destination: Destination = {
      ...{ name, variety: 'webhook', atOnce, everyMs },
      filter: { severity, rules, sites, billing, choices, ...unacknowledged },
      ...(digestMs === undefined ? {} : { digestMs }),
    };
    const { liveMap } = this.store;
    return new AlertReactor({
      destination,
      driver: this.sink,
      feed: this.feed,
      journal: new AlertJournal(this.store, name, this.now),
      rowOf: (violationId) => liveMap.map.violations.get(violationId),
      world: {
        isInSurvey: (site) => isInSurvey(liveMap.map, [], site),
        isMuted: (row, at) => this.mutes.muting(row, at) !== undefined,
      },
      alerts: this.alerts,
      log: { error: () => {}, info: () => {} },
      now: this.now,
      chance: () => 0.5,
    });
  }

  /** An engine that was killed: its successor knows what the log says, and nothing else. */
  restart(wanted: Wanted = {}): AlertReactor {
    const next = new AlertFeed(this.store, this.store.liveMap);
    this.feed.close();
    next.start();
    Object.assign(this, { feed: next });
    return this.open(wanted);
  }

  /** Lets time pass, and the reactor do what is due in it. */
  async pass(reactor: AlertReactor, ms: number): Promise<void> {
    const end = this.nowMs + ms;
    for (let looks = 0; looks < 2_000; looks++) {
      await reactor.reconcile();
      const due = reactor.nextDueMs();
      if (due === undefined || this.nowMs + due > end) {
        this.nowMs = end;
        return;
      }
      this.nowMs += Math.max(1, due);
    }
    throw new Error('It looks again and again without an end.');
  }

  /** Stores an event of a violation. */
  tell(type: string, stream: string, data: object): StoredEvent {
    const id = `00000000-0000-4000-8000-${String(this.count++).padStart(12, '0')}`;
    const metadata = {
      source: 'urn:test',
      sourceId: id,
      schemaVersion: type === 'ViolationDetected' ? 2 : 1,
      time: formatInstant(this.nowMs),
    };
    return this.store.put(stream, { id, type, data, metadata });
  }

  detected(violationId: string, more: object = {}): StoredEvent {
    return this.tell('ViolationDetected', `violation-${violationId}`, {
      ...{ violationId, rule: 'address-spoof', ruleVersion: 1, severity: 'high', sensor: 'leaf1-e66' },
      ...{ attribution: 'interface', site: 'ams1', switch: 'leaf1', port: 'leaf1:Ethernet66', vlan: 66 },
      ...{ observation: 'arp-reply', etherSource: '52:54:00:00:00:66', claimedMac: '52:54:00:00:00:66' },
      ...{ claimedAddress: '198.51.100.16', frameTime: formatInstant(this.nowMs), offenderServerId: 'srv-66' },
      ...{
        offenderCustomerId: 'cust-66',
        victimServerId: 'srv-16',
        detail: `somebody claims the address of ${violationId}`,
      },
      ...{ tentative: false, basis: '[]', ...more },
    });
  }

  repeated(violationId: string): StoredEvent {
    const time = formatInstant(this.nowMs);
    const data = { violationId, count: 1, firstFrameTime: time, lastFrameTime: time };
    return this.tell('ViolationRepeated', `violation-${violationId}`, data);
  }

  acknowledged(violationId: string): StoredEvent {
    const data = { violationId, by: 'token:night', assignee: 'token:night' };
    return this.tell('ViolationAcknowledged', `violation-${violationId}`, data);
  }

  resolved(violationId: string): StoredEvent {
    return this.tell('ViolationResolved', `violation-${violationId}`, { violationId, by: 'token:night' });
  }

  exonerated(violationId: string): StoredEvent {
    const data = { violationId, eventId: 'e1', reason: 'the sale was stored late' };
    return this.tell('ViolationExonerated', `violation-${violationId}`, data);
  }

  muted(muteId: string, violationId: string, ms: number): void {
    const until = formatInstant(this.nowMs + ms);
    this.tell('ViolationMuted', `mute-${muteId}`, { muteId, violationId, reason: 'known', until, by: 'token:night' });
    const row = this.store.liveMap.map.mutes.get(muteId);
    if (row !== undefined) this.mutes.put(row);
  }

  survey(type: 'SiteSurveyStarted' | 'SiteSurveyEnded', site: string): void {
    this.tell(type, `site-${site}`, { site, reason: 'first days' });
  }

  /** The types of what the journal of a destination says, in order. */
  journal(name = 'soc'): string[] {
    return this.store.events.filter(({ stream }) => stream === `journal-${name}`).map(({ type }) => type);
  }
}
