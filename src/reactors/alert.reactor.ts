import { formatInstant } from '../../events/index.js';
import type { ViolationRow } from '../../projections/index.js';
import type { AlertDriver, AlertItem, AlertMessage, AlertOutcome } from '../drivers/alert/alert.port.js';
import type { Alert, AlertFields } from '../ops/alerts.js';
import { AlertBudget } from './alert-budget.js';
import { messageOf } from './alert-bundle.js';
import type { AlertFeed, Place } from './alert-feed.js';
import type { AlertFilter, AlertWorld } from './alert-filter.js';
import type { AlertJournal, Delivered, GivenUp } from './alert-journal.js';
import { AlertReading, type LogMessage } from './alert-reading.js';
import { givenUpAfterMs, pauseAfter } from './alert-schedule.js';
import { AlertStatus, type DestinationStatus } from './alert-status.js';
import { namedUuid } from './named-uuid.js';
import { clearedItem, raisedItem, StandingAlerts, tokenOf } from './standing-alerts.js';

/** What configuration says of a destination. */
export interface Destination {
  readonly name: string;
  readonly variety: 'webhook' | 'syslog' | 'mail';
  readonly filter: AlertFilter;
  /** Messages without a pause, and the time after which there may be one more; ms. */
  readonly atOnce: number;
  readonly everyMs: number;
  /** What is to be told waits so long for more, and all of it goes into one message; ms. */
  readonly digestMs?: number;
}

export interface AlertReactorOptions {
  readonly destination: Destination;
  readonly driver: AlertDriver;
  readonly feed: AlertFeed;
  readonly journal: AlertJournal;
  readonly rowOf: (violationId: string) => ViolationRow | undefined;
  readonly world: Omit<AlertWorld, 'wasTold'>;
  readonly alerts: {
    current(): readonly Alert[];
    raise(code: string, fields: AlertFields): void;
    clear(code: string, key: string): void;
  };
  readonly log: Record<'error' | 'info', (message: string, fields: Readonly<Record<string, unknown>>) => void>;
  /** Where the console is reached; links start with it. */
  readonly page?: string;
  /** Ms since 1970. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly chance: () => number;
}

/** A message that is to be taken by the destination, and what is true once it was. */
interface Sending {
  readonly message: AlertMessage;
  /** Of the log: what it covers. Absent for what is no event: an alert of the engine itself. */
  readonly covers?: Pick<LogMessage, 'upTo' | 'firstEventId' | 'lastEventId' | 'violationIds'>;
  readonly raised?: readonly string[];
  readonly cleared?: readonly string[];
  /** An operator sends it again: what it covers was passed long ago. */
  readonly again?: true;
  tries: number;
  firstTriedAt: number;
  notBefore: number;
}

type Refused = Extract<AlertOutcome, { outcome: 'refused' }>;

/** After the log could not be read or written; ms. */
const logPauseMs = 5_000;
/** What was kept back is written down at most this often; ms. */
const passedEveryMs = 60_000;
/** A restart need not look at more of the log than this. */
const passedEvents = 50_000;
/** From so many tries in a row on a person is told. */
const worrying = 3;
/** So many messages in one go; then others get their turn. */
const mostInARow = 50;

/**
 * Tells one destination what it wants to know, in log order, each thing once as far as anybody can say: the destination stands
 * at a place in the log, what is behind that place is still to be told as the map shows it now, and the place moves on only when
 * a message was taken, or given up after a day. The place is in the log, so a restart goes on where it was.
 */
export class AlertReactor {
  private place: Place | undefined;
  /** As far as the log itself knows the place. */
  private written = -1;
  private sending: Sending | undefined;
  private again: GivenUp[] = [];
  private givenUp: GivenUp[] = [];
  private standing: StandingAlerts;
  private disabled: string | undefined;
  private pausedUntil = 0;
  private dueAt: number | undefined;
  private passedAt = 0;
  private readonly budget: AlertBudget;
  private readonly reading: AlertReading;
  private readonly state = new AlertStatus();

  constructor(private readonly options: AlertReactorOptions) {
    const { destination, now, feed, rowOf, world, page } = options;
    const { name, filter, digestMs } = destination;
    this.budget = new AlertBudget(destination.atOnce, destination.everyMs, now());
    this.standing = new StandingAlerts(name, filter.choices, now());
    this.reading = new AlertReading({ destination: name, filter, feed, rowOf, world, page, digestMs });
  }

  /** Tells what is due. Never rejects: what went wrong is tried again. */
  async reconcile(): Promise<void> {
    const { now, log, destination } = this.options;
    if (now() < this.pausedUntil) return;
    this.dueAt = undefined;
    try {
      await this.open();
      if (this.disabled === undefined) await this.tell();
      if ((this.options.journal.flushAt ?? Infinity) <= now()) await this.options.journal.flush();
      await this.writePassed();
    } catch (error) {
      this.pausedUntil = now() + logPauseMs;
      log.error('alerts could not be looked at', { destination: destination.name, reason: String(error) });
    }
  }

  /** Ms after which a look is due although nothing calls; undefined when nothing waits. */
  nextDueMs(): number | undefined {
    const { sending, reading } = this;
    const times = [
      this.options.journal.flushAt,
      ...(this.disabled !== undefined ? [] : [sending === undefined ? this.dueAt : sending.notBefore]),
      ...(sending === undefined && reading.keptBack > 0 ? [this.passedAt + passedEveryMs] : []),
    ].filter((at) => at !== undefined);
    const now = this.options.now();
    if (times.length === 0) return this.pausedUntil > now ? this.pausedUntil - now : undefined;
    return Math.max(0, Math.min(...times) - now, this.pausedUntil - now);
  }

  /** Writes down what was told last. Rejects when the log cannot store it. */
  async close(): Promise<void> {
    await this.options.journal.flush();
    await this.writePassed(true);
  }

  /** Sends a test, past every queue; what came of it. A destination that took it is enabled again by a person, not by this. */
  async test(id: string): Promise<AlertOutcome> {
    const { driver, now, journal, destination } = this.options;
    const text = `This is a test of destination ${destination.name}: alerts of portledger arrive here.`;
    const outcome = await driver.deliver(messageOf(id, { kind: 'test', at: formatInstant(now()), text }));
    this.state.tried(outcome, now());
    if (outcome.outcome !== 'delivered') return outcome;
    journal.delivered({ messageId: id, kind: 'test', messages: 1, alerts: 0, attempts: 1 });
    return outcome;
  }

  /** Tries at once what waits, and sends what was given up again; how many messages that are. */
  retry(messageId?: string): number {
    const chosen = this.givenUp.filter((one) => messageId === undefined || one.messageId === messageId);
    this.givenUp = this.givenUp.filter((one) => !chosen.includes(one));
    this.again.push(...chosen);
    const waits = this.sending !== undefined && (messageId === undefined || this.sending.message.id === messageId);
    if (this.sending !== undefined && waits) this.sending.notBefore = 0;
    this.pausedUntil = 0;
    return chosen.length + (waits ? 1 : 0);
  }

  /** Ends what a 410 began; false where it is not disabled. Rejects when the log cannot store it: then it stays disabled. */
  async enable(by: string): Promise<boolean> {
    const { journal, alerts, destination } = this.options;
    if (this.disabled === undefined) return false;
    await journal.enabled(by);
    this.disabled = undefined;
    if (this.sending !== undefined) Object.assign(this.sending, { notBefore: 0, tries: 0 });
    alerts.clear('alert-destination-disabled', destination.name);
    return true;
  }

  get status(): DestinationStatus {
    const { destination, driver, feed } = this.options;
    const { sending, place, disabled, givenUp, again } = this;
    const { name, variety } = destination;
    return this.state.shown({
      ...{ name, variety, place: driver.place, disabled },
      trying: sending === undefined ? undefined : { ...sending, id: sending.message.id, count: sending.message.count },
      isOpen: place !== undefined,
      behind: place === undefined ? undefined : feed.countAfter(place),
      givenUp: [...givenUp, ...again].map(({ messageId }) => messageId),
    });
  }

  /** Finds out where it stood; a destination that is met for the first time begins now, with an event that says so. */
  private async open(): Promise<void> {
    if (this.place !== undefined) return;
    const { journal, destination, feed, now, alerts } = this.options;
    const recalled = await journal.recall();
    const upTo = recalled?.upTo ?? (await journal.added(destination.variety));
    const place = await feed.placeOf(upTo);
    if (place === undefined) throw new Error(`The log has no event ${upTo}, where ${destination.name} stood`);
    this.written = place.ordinal;
    this.passedAt = now();
    if (recalled !== undefined) {
      this.disabled = recalled.disabled;
      this.givenUp = [...recalled.givenUp].reverse();
      this.reading.remember(recalled.toldViolations);
      this.standing = new StandingAlerts(destination.name, destination.filter.choices, now(), recalled.toldAlerts);
      this.state.delivered(recalled.lastSuccess);
      // Nobody knows whether it was sent: it is sent, and is the same message.
      if (recalled.begun !== undefined) {
        const begun = await this.reading.again(recalled.begun);
        if (begun !== undefined) this.sending = this.sendingOf(begun);
      }
      if (this.disabled !== undefined)
        alerts.raise('alert-destination-disabled', disabledFields(destination.name, this.disabled));
    }
    this.place = place;
  }

  private async tell(): Promise<void> {
    const { now } = this.options;
    for (let sent = 0; sent < mostInARow; sent++) {
      this.sending ??= await this.next();
      if (this.sending === undefined || this.sending.notBefore > now()) return;
      if (!(await this.try(this.sending))) return;
    }
    this.dueAt = now();
  }

  /** What is to be sent next; undefined for nothing now, and `dueAt` says when to look again where that is known. */
  private async next(): Promise<Sending | undefined> {
    const now = this.options.now();
    for (let given = this.again.shift(); given !== undefined; given = this.again.shift()) {
      const message = await this.reading.again(given);
      if (message !== undefined) return { ...this.sendingOf(message), again: true };
      await this.settled({ messageId: given.messageId, kind: given.kind, messages: 0, alerts: 0, attempts: 0 });
    }
    const left = this.budget.left(now);
    const own = this.ownAlerts(now);
    if (own !== undefined && left > 0) return own;
    if (this.place === undefined) return undefined;
    const found = await this.reading.next(this.place, { now, left });
    this.place = found.place;
    if (found.message !== undefined) return this.sendingOf(found.message);
    const isHeld = own !== undefined || found.isHeld === true;
    this.dueAt = earliest(
      isHeld ? this.budget.nextAt(now) : undefined,
      found.dueAt,
      this.standing.nextAt(this.options.alerts.current(), now),
    );
    return undefined;
  }

  private ownAlerts(now: number): Sending | undefined {
    const { alerts, destination } = this.options;
    const { raised, cleared } = this.standing.untold(alerts.current(), now);
    const [item, ...more]: AlertItem[] = [
      ...raised.map(raisedItem),
      ...cleared.map((token) => clearedItem(token, formatInstant(now))),
    ];
    if (item === undefined) return undefined;
    const tokens = raised.map(tokenOf);
    const named = JSON.stringify([destination.name, raised.map((one) => [tokenOf(one), one.since]), cleared, item.at]);
    const message = messageOf(namedUuid(`engine ${named}`), item, ...more);
    return { message, raised: tokens, cleared, tries: 0, firstTriedAt: 0, notBefore: 0 };
  }

  private sendingOf({ message, ...covers }: LogMessage): Sending {
    return { message, covers, tries: 0, firstTriedAt: 0, notBefore: 0 };
  }

  /** One try; false when nothing more can be sent now. */
  private async try(sending: Sending): Promise<boolean> {
    const { driver, now, log, destination } = this.options;
    const { message, covers } = sending;
    if (sending.tries === 0) {
      this.budget.take(now());
      if (message.count > 1 && covers !== undefined) await this.announce(message, covers);
      sending.firstTriedAt = now();
    }
    sending.tries++;
    const outcome = await driver.deliver(message);
    this.state.tried(outcome, now());
    if (outcome.outcome === 'delivered') {
      await this.taken(sending);
      return true;
    }
    const fields = {
      destination: destination.name,
      messageId: message.id,
      tries: sending.tries,
      reason: outcome.reason,
    };
    log.error('an alert was not taken', fields);
    if (outcome.outcome === 'gone') await this.disable(outcome.reason);
    else await this.refused(sending, outcome);
    return outcome.outcome === 'refused' && this.sending === undefined;
  }

  /** Said before it is sent, so that a crash in between does not make another message of it. A full disk keeps nobody from being told. */
  private async announce({ id, count }: AlertMessage, covers: NonNullable<Sending['covers']>): Promise<void> {
    const { firstEventId, lastEventId } = covers;
    try {
      await this.options.journal.bundled({ messageId: id, firstEventId, lastEventId, alerts: count });
    } catch (error) {
      this.options.log.error('alerts could not be journaled', {
        destination: this.options.destination.name,
        reason: String(error),
      });
    }
  }

  private async taken(sending: Sending): Promise<void> {
    const { alerts, destination } = this.options;
    const { message, covers, tries, raised = [], cleared = [], again } = sending;
    this.sending = undefined;
    alerts.clear('alert-undelivered', destination.name);
    this.standing.tellOf({ raised, cleared });
    const ids = [...(covers?.violationIds ?? [])];
    this.reading.remember(ids);
    const delivered: Delivered = {
      messageId: message.id,
      kind: message.count === 1 ? message.items[0].kind : 'several',
      messages: 1,
      alerts: message.count,
      attempts: tries,
      ...(ids.length === 0 ? {} : { violationIds: ids.slice(0, 100) }),
      ...(raised.length === 0 ? {} : { raised }),
      ...(cleared.length === 0 ? {} : { cleared }),
    };
    if (again === true) return this.settled(delivered);
    if (covers === undefined) return this.options.journal.delivered(delivered);
    this.moveTo(covers.upTo);
    this.options.journal.delivered({ ...delivered, upToEventId: covers.upTo.id });
  }

  /** What was given up and is settled now is written down by itself: it is looked for by its own id. */
  private async settled(delivered: Delivered): Promise<void> {
    const { journal } = this.options;
    await journal.flush();
    journal.delivered(delivered);
    await journal.flush();
  }

  private async refused(sending: Sending, { reason, retryAfterMs }: Refused): Promise<void> {
    const { now, chance, journal, alerts, destination } = this.options;
    const { message, covers, tries, firstTriedAt, again, raised = [], cleared = [] } = sending;
    if (tries >= worrying) {
      const detail = `Destination ${destination.name} takes no alerts (${reason}). They are tried again for a day; see portledger alerts destinations.`;
      alerts.raise('alert-undelivered', { key: destination.name, detail });
    }
    sending.notBefore = now() + pauseAfter(tries, chance(), retryAfterMs);
    const isOver = again === true || now() - firstTriedAt >= givenUpAfterMs;
    if (!isOver) return;
    this.sending = undefined;
    // An alert of the engine itself may stand still: /readyz has it.
    if (covers === undefined) return this.standing.tellOf({ raised, cleared });
    const kind = message.count === 1 ? message.items[0].kind : 'several';
    const { firstEventId, lastEventId, upTo } = covers;
    const named = { messageId: message.id, kind, firstEventId, lastEventId };
    const given = { ...named, alerts: message.count, attempts: tries, reason };
    this.givenUp.push(given);
    if (again === true) return;
    await journal.givenUp(given);
    this.moveTo(upTo);
  }

  private async disable(reason: string): Promise<void> {
    const { journal, alerts, destination } = this.options;
    this.disabled = reason;
    alerts.raise('alert-destination-disabled', disabledFields(destination.name, reason));
    await journal.disabled(reason);
  }

  private moveTo(place: Place): void {
    this.place = place;
    this.written = place.ordinal;
  }

  /** That there is nothing more to tell of what lies behind is written down now and then: a restart decides no other way. */
  private async writePassed(isLast = false): Promise<void> {
    const { reading, place, sending } = this;
    const now = this.options.now();
    if (place === undefined || sending !== undefined) return;
    const isFar = place.ordinal - this.written >= passedEvents;
    const isDue = reading.keptBack > 0 && (isLast || now >= this.passedAt + passedEveryMs);
    if (!isFar && !isDue) return;
    await this.options.journal.flush();
    await this.options.journal.passed({ upToEventId: place.id, ...reading.counts() });
    this.passedAt = now;
    this.written = place.ordinal;
  }
}

function disabledFields(name: string, reason: string): AlertFields {
  const detail = `Destination ${name} is disabled (${reason}); what is to be told waits. Enable it with portledger alerts enable ${name}.`;
  return { key: name, detail };
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
