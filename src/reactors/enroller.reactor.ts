import { setImmediate } from 'node:timers/promises';
import { catalogue, formatInstant, type StoredEvent } from '../../events/index.js';
import type { AppendOutcome, EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { type Asked, askedBy, type Candidate, candidatesAmong, decide } from './enrolment.js';
import { namedUuid } from './named-uuid.js';

/** How an enrolment stands; an enrolled server is no longer shown. */
export interface Enrolment {
  readonly serverId: string;
  readonly port: string;
  readonly vlan: number;
  readonly state: 'waiting' | 'undecided' | 'frozen';
  readonly candidates: readonly Candidate[];
  /** One sentence for a person: what it waits for, and the event that settles it. */
  readonly detail: string;
}

export interface EnrollerOptions {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly liveMap: LiveMap;
  readonly alerts: {
    raise(code: string, key: string, detail: string): void;
    clear(code: string, key: string): void;
  };
  readonly log: Record<'error' | 'info', (message: string, fields: Readonly<Record<string, unknown>>) => void>;
  /** Wall clock, ms since 1970; default Date.now. */
  readonly now?: () => number;
  /** What was seen in the window is in the log this long after it, ms; default 2000. */
  readonly settleMs?: number;
  /** After the log could not be read or written, ms; default 5000. */
  readonly retryMs?: number;
}

const undecided = 'enrolment-undecided';
const source = 'urn:portledger:enroller';
const pageSize = 500;
/** So much of a port's stream is looked at; more sightings than this since a sale are no lone server. */
const mostSightings = 4_000;

/**
 * Completes the sale of servers sold with `enrolment: first-seen`: the only MAC seen at such a server's place is written
 * down as its own. Its only inputs are the map and the stored sightings; each life of a server is enrolled at most once.
 */
export class Enroller {
  private readonly known = new Map<string, Enrolment>();
  private readonly byPort = new Map<string, Set<string>>();
  private readonly due = new Set<string>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private working: Promise<void> | undefined;
  private closed = false;
  private subscription: { unsubscribe(): void } | undefined;

  constructor(private readonly options: EnrollerOptions) {}

  /** Starts to look as soon as the map is live. */
  start(): void {
    const { liveMap } = this.options;
    let isLooking = false;
    this.subscription = liveMap.changes$.subscribe((changes) => {
      if (!isLooking) {
        isLooking = true;
        this.run(() => this.lookAtAll());
      }
      for (const { table, key } of changes) {
        if (table === 'assignments') this.look(key);
        else if (table === 'seen-macs') for (const serverId of this.byPort.get(key) ?? []) this.look(serverId);
        else if (table === 'gateways') for (const serverId of this.known.keys()) this.look(serverId);
      }
    });
  }

  /** Those that wait and those that an operator must settle, by server id. */
  enrolments(): Enrolment[] {
    return [...this.known.values()].sort((a, b) => (a.serverId < b.serverId ? -1 : 1));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.subscription?.unsubscribe();
    for (const timer of this.timers.values()) clearTimeout(timer);
    await this.working;
  }

  /** In steps: a map of a million servers must not keep the engine from its other work. */
  private async lookAtAll(): Promise<void> {
    const { map } = this.options.liveMap;
    let looked = 0;
    for (const serverId of [...map.assignments.keys()]) {
      if (this.closed) return;
      if (askedBy(map, serverId) !== undefined) this.due.add(serverId);
      if (++looked % 2_000 === 0) await setImmediate();
    }
  }

  private look(serverId: string): void {
    if (!this.known.has(serverId) && askedBy(this.options.liveMap.map, serverId) === undefined) return;
    this.due.add(serverId);
    this.run(() => Promise.resolve());
  }

  /** One piece of work after the other; what becomes due meanwhile is done at its end. */
  private run(first: () => Promise<void>): void {
    if (this.working !== undefined || this.closed) return;
    this.working = this.workOff(first).finally(() => {
      this.working = undefined;
      if (this.due.size > 0) this.run(() => Promise.resolve());
    });
  }

  private async workOff(first: () => Promise<void>): Promise<void> {
    await first();
    for (let [serverId] = this.due; serverId !== undefined && !this.closed; [serverId] = this.due) {
      this.due.delete(serverId);
      try {
        await this.judge(serverId);
      } catch (error) {
        // The log does not answer: nothing is enrolled, and it is tried again.
        this.options.log.error('an enrolment could not be looked at', { serverId, reason: String(error) });
        this.lookAgain(serverId, this.options.retryMs ?? 5_000);
      }
    }
  }

  private async judge(serverId: string): Promise<void> {
    const { liveMap } = this.options;
    const asked = askedBy(liveMap.map, serverId);
    clearTimeout(this.timers.get(serverId));
    if (asked === undefined) return this.forget(serverId);
    if (liveMap.isFrozen(`server-${serverId}`)) {
      this.lookAgain(serverId, this.options.retryMs ?? 5_000);
      return this.show(asked, 'frozen', [], 'its stream is frozen by an event that cannot be read');
    }
    const sightings = await this.sightings(asked);
    const candidates = candidatesAmong(liveMap.map, asked, sightings);
    const decision = decide(candidates, this.now() - (this.options.settleMs ?? 2_000));
    switch (decision.state) {
      case 'waiting':
        if (decision.until !== undefined) {
          const settled = decision.until + (this.options.settleMs ?? 2_000);
          this.lookAgain(serverId, Math.max(1, settled - this.now()));
        }
        return this.show(asked, 'waiting', candidates, waitingFor(candidates));
      case 'undecided':
        return this.show(asked, 'undecided', candidates, toSettle(asked, candidates));
      case 'enrolled':
        return this.enrol(asked, decision.candidate, decision.at);
    }
  }

  /** The stored sightings of the port since the sale, oldest first. */
  private async sightings({ port, since }: Asked): Promise<StoredEvent[]> {
    const found: StoredEvent[] = [];
    let from: number | undefined;
    for (;;) {
      const options = { limit: pageSize, backwards: true, ...(from === undefined ? {} : { fromRevision: from }) };
      const { events, next } = await this.options.store.readStream(`port-${port}`, options);
      for (const event of events) {
        // What was stored before the sale was true cannot have been seen after it.
        if (Date.parse(event.metadata.recordedAt) < since || found.length >= mostSightings) return found.reverse();
        if (event.type === 'MacSeen') found.push(event);
      }
      const last = events.at(-1)?.revision ?? 0;
      if (next === undefined || last === 0) return found.reverse();
      from = last - 1;
    }
  }

  private async enrol(asked: Asked, { mac, firstSeen, eventId }: Candidate, at: number): Promise<void> {
    const { store, liveMap, log } = this.options;
    const { serverId } = asked;
    const stream = `server-${serverId}`;
    const facts = await this.factsOf(stream);
    const sale = facts.find((event) => event.ordinal === asked.askedAt);
    const last = facts.at(-1);
    // Something was said that the map has not heard yet: it may name the MAC.
    if (sale === undefined || last === undefined || last.ordinal > liveMap.ordinal) return this.lookAgain(serverId, 50);
    // The enrolment of one life of a server has one id, whoever decides it.
    const id = namedUuid(`${serverId} ${sale.id}`);
    const data = { serverId, mac, firstSeen: formatInstant(firstSeen) };
    const { version } = catalogue.ServerMacEnrolled;
    const causedBy = [sale.id, eventId];
    const metadata = { source, sourceId: id, schemaVersion: version, time: formatInstant(at), causedBy };
    const event = { id, type: 'ServerMacEnrolled', data, metadata };
    const { outcome }: AppendOutcome = await store.append({ stream, expected: last.revision, events: [event] });
    if (outcome === 'stored') log.info('a server was enrolled', { serverId, mac });
    else if (outcome !== 'duplicate') this.lookAgain(serverId, 50);
  }

  private async factsOf(stream: string): Promise<StoredEvent[]> {
    const facts: StoredEvent[] = [];
    for (;;) {
      const fromRevision = (facts.at(-1)?.revision ?? -1) + 1;
      const { events, next } = await this.options.store.readStream(stream, { fromRevision, limit: pageSize });
      facts.push(...events);
      if (next === undefined) return facts;
    }
  }

  private show(asked: Asked, state: Enrolment['state'], candidates: readonly Candidate[], detail: string): void {
    const { serverId, port, vlan } = asked;
    this.forgetPort(serverId);
    this.known.set(serverId, { serverId, port, vlan, state, candidates, detail });
    const there = this.byPort.get(port);
    if (there === undefined) this.byPort.set(port, new Set([serverId]));
    else there.add(serverId);
    if (state === 'undecided') this.options.alerts.raise(undecided, serverId, detail);
    else this.options.alerts.clear(undecided, serverId);
  }

  private forget(serverId: string): void {
    this.forgetPort(serverId);
    if (this.known.delete(serverId)) this.options.alerts.clear(undecided, serverId);
  }

  private forgetPort(serverId: string): void {
    const port = this.known.get(serverId)?.port;
    if (port === undefined) return;
    const there = this.byPort.get(port);
    there?.delete(serverId);
    if (there?.size === 0) this.byPort.delete(port);
  }

  private lookAgain(serverId: string, afterMs: number): void {
    clearTimeout(this.timers.get(serverId));
    if (this.closed) return;
    const timer = setTimeout(
      () => {
        this.timers.delete(serverId);
        this.due.add(serverId);
        this.run(() => Promise.resolve());
      },
      Math.min(afterMs, 2 ** 31 - 1),
    );
    timer.unref();
    this.timers.set(serverId, timer);
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}

function waitingFor(candidates: readonly Candidate[]): string {
  const [one] = candidates;
  if (one === undefined) return 'no MAC was seen at its place since it was sold there';
  return `${one.mac} was seen at its place; it is enrolled when no other one is within a minute`;
}

function toSettle({ serverId, port, vlan }: Asked, candidates: readonly Candidate[]): string {
  const seen = candidates.map(({ mac, claimedBy }) => (claimedBy === undefined ? mac : `${mac} of ${claimedBy}`));
  return (
    `At ${port} VLAN ${vlan} ${seen.join(', ')} ${seen.length === 1 ? 'was' : 'were'} seen since ${serverId} was sold there. ` +
    'Publish ServerNicReplaced or ServerRecordCorrected with the MAC that is its own.'
  );
}
