import { randomUUID } from 'node:crypto';
import {
  catalogue,
  decodeEvent,
  type EventData,
  type EventType,
  formatInstant,
  type LedgerEvent,
} from '../../events/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import { oneLine } from './one-line.js';

const source = 'urn:portledger:alerts';
const pageSize = 200;
/** So far back is remembered what a destination was told, and what it did not take. */
const mostRemembered = 2_000;
/** Messages that go one after the other within this time are written down together; ms. */
export const togetherMs = 1_000;
const mostNamed = 100;

type Of<Type extends EventType> = Omit<EventData<Type>, 'destination'>;
export type Delivered = Of<'AlertDelivered'>;
export type GivenUp = Of<'AlertGivenUp'>;

/** What the log says of a destination. */
export interface RecalledAlerts {
  /** The event behind which everything is still to be told. */
  readonly upTo: string;
  readonly disabled: string | undefined;
  /** A message of several that was about to be sent, and nobody knows whether it was. */
  readonly begun: Of<'AlertsBundled'> | undefined;
  /** Newest first. */
  readonly givenUp: readonly GivenUp[];
  readonly toldViolations: readonly string[];
  readonly toldAlerts: readonly string[];
  /** RFC 3339. */
  readonly lastSuccess: string | undefined;
}

/** Writes down what became of the alerts of one destination, and reads back where it stood. */
export class AlertJournal {
  private pending: Delivered | undefined;
  private writtenAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: Pick<EventStore, 'append' | 'readStream'>,
    private readonly destination: string,
    private readonly now: () => number,
  ) {}

  /** Reads where it stood; undefined for a destination that the log has never heard of. */
  async recall(): Promise<RecalledAlerts | undefined> {
    const memory = new Recalling();
    let count = 0;
    for await (const event of this.backwards()) {
      memory.take(event);
      if (++count >= mostRemembered && memory.isSettled) break;
    }
    return memory.said();
  }

  /** The event that says so is where the destination begins. */
  async added(variety: string): Promise<string> {
    return this.append('DestinationAdded', { destination: this.destination, variety });
  }

  async bundled(bundle: Of<'AlertsBundled'>): Promise<void> {
    await this.flush();
    await this.append('AlertsBundled', { destination: this.destination, ...bundle });
  }

  /** Written at the next `flush`, together with what else was delivered until then. */
  delivered(delivered: Delivered): void {
    this.pending = this.pending === undefined ? delivered : joined(this.pending, delivered);
  }

  /** When what was delivered is to be written; undefined where all of it is. */
  get flushAt(): number | undefined {
    return this.pending === undefined ? undefined : this.writtenAt + togetherMs;
  }

  /** Rejects when the log cannot store it; it is then written with the next one. */
  async flush(): Promise<void> {
    const { pending } = this;
    if (pending === undefined) return;
    this.writtenAt = this.now();
    this.pending = undefined;
    try {
      await this.append('AlertDelivered', { destination: this.destination, ...pending });
    } catch (error) {
      this.pending = this.pending === undefined ? pending : joined(pending, this.pending);
      throw error;
    }
  }

  async givenUp(given: GivenUp): Promise<void> {
    await this.flush();
    await this.append('AlertGivenUp', { destination: this.destination, ...given, reason: oneLine(given.reason) });
  }

  async passed(passed: Of<'AlertsPassed'>): Promise<void> {
    await this.append('AlertsPassed', { destination: this.destination, ...passed });
  }

  async disabled(reason: string): Promise<void> {
    await this.flush();
    await this.append('DestinationDisabled', { destination: this.destination, reason: oneLine(reason) });
  }

  async enabled(by: string): Promise<void> {
    await this.append('DestinationEnabled', { destination: this.destination, by });
  }

  private async *backwards(): AsyncGenerator<LedgerEvent> {
    let fromRevision: number | undefined;
    for (;;) {
      const from = fromRevision === undefined ? {} : { fromRevision };
      const { events } = await this.store.readStream(`journal-${this.destination}`, {
        ...from,
        limit: pageSize,
        backwards: true,
      });
      for (const stored of events) {
        const decoded = decodeEvent(stored);
        if (decoded.readable) yield decoded.event;
      }
      const oldest = events.at(-1)?.revision ?? 0;
      if (oldest === 0) return;
      fromRevision = oldest - 1;
    }
  }

  private async append(type: EventType, data: object): Promise<string> {
    const id = randomUUID();
    const time = formatInstant(this.now());
    const metadata = { source, sourceId: id, schemaVersion: catalogue[type].version, time };
    const stream = `journal-${this.destination}`;
    const { outcome } = await this.store.append({ stream, expected: 'any', events: [{ id, type, data, metadata }] });
    if (outcome !== 'stored')
      throw new Error(`Journal of ${this.destination} was not stored: the log answered ${outcome}`);
    return id;
  }
}

/** Two deliveries as one word about both. */
function joined(before: Delivered, next: Delivered): Delivered {
  const upTo = next.upToEventId ?? before.upToEventId;
  return {
    messageId: next.messageId,
    kind: before.kind === next.kind ? next.kind : 'several',
    messages: before.messages + next.messages,
    alerts: before.alerts + next.alerts,
    attempts: next.attempts,
    ...(upTo === undefined ? {} : { upToEventId: upTo }),
    ...lists('violationIds', before, next),
    ...lists('raised', before, next),
    ...lists('cleared', before, next),
  };
}

function lists(name: 'violationIds' | 'raised' | 'cleared', before: Delivered, next: Delivered): Partial<Delivered> {
  const all = [...new Set([...(before[name] ?? []), ...(next[name] ?? [])])];
  return all.length === 0 ? {} : { [name]: all.slice(-mostNamed) };
}

/** Puts together what a journal says, read from its end. */
class Recalling {
  private upTo: string | undefined;
  private disabled: { readonly reason: string | undefined } | undefined;
  private begun: Of<'AlertsBundled'> | undefined;
  private readonly settled = new Set<string>();
  private readonly givenUp: GivenUp[] = [];
  private readonly toldViolations: string[] = [];
  private readonly alerts = new Map<string, boolean>();
  private lastSuccess: string | undefined;

  get isSettled(): boolean {
    return this.upTo !== undefined;
  }

  take({ type, data, id, time }: LedgerEvent): void {
    if (type === 'DestinationAdded') this.upTo ??= id;
    else if (type === 'AlertsPassed') this.upTo ??= data.upToEventId;
    else if (type === 'AlertDelivered') this.takeDelivered(data, time);
    else if (type === 'AlertGivenUp') {
      this.upTo ??= data.lastEventId;
      if (!this.settled.has(data.messageId)) this.givenUp.push(data);
      this.settled.add(data.messageId);
    } else if (type === 'AlertsBundled') {
      if (this.upTo === undefined && !this.settled.has(data.messageId)) this.begun ??= data;
    } else if (type === 'DestinationDisabled') this.disabled ??= { reason: data.reason };
    else if (type === 'DestinationEnabled') this.disabled ??= { reason: undefined };
  }

  private takeDelivered(data: EventData<'AlertDelivered'>, time: number): void {
    this.upTo ??= data.upToEventId;
    this.lastSuccess ??= formatInstant(time);
    this.settled.add(data.messageId);
    this.toldViolations.push(...(data.violationIds ?? []));
    for (const token of data.raised ?? []) if (!this.alerts.has(token)) this.alerts.set(token, true);
    for (const token of data.cleared ?? []) if (!this.alerts.has(token)) this.alerts.set(token, false);
  }

  said(): RecalledAlerts | undefined {
    if (this.upTo === undefined) return undefined;
    return {
      upTo: this.upTo,
      disabled: this.disabled?.reason,
      begun: this.begun,
      givenUp: this.givenUp,
      toldViolations: this.toldViolations,
      toldAlerts: [...this.alerts].filter(([, stands]) => stands).map(([token]) => token),
      lastSuccess: this.lastSuccess,
    };
  }
}
