import { formatInstant } from '../../events/index.js';
import type { AlertMessage, AlertOutcome } from '../drivers/alert/alert.port.js';
import type { AlertFields } from '../ops/alerts.js';
import { AlertBudget } from './alert-budget.js';
import { messageOf } from './alert-bundle.js';
import type { Delivered, GivenUp } from './alert-journal.js';
import type { AlertReactorOptions } from './alert-options.js';
import { AlertPlace } from './alert-place.js';
import { AlertReading } from './alert-reading.js';
import { givenUpAfterMs, pauseAfter } from './alert-schedule.js';
import { deliveredOf, givenUpOf, ownAlerts, type Sending, sendingOf } from './alert-sending.js';
import { AlertStatus, type DestinationStatus } from './alert-status.js';
import { StandingAlerts } from './standing-alerts.js';

type Refused = Extract<AlertOutcome, { outcome: 'refused' }>;

/** After the log could not be read or written; ms. */
const logPauseMs = 5_000;
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
  private sending: Sending | undefined;
  private again: GivenUp[] = [];
  private givenUp: GivenUp[] = [];
  private standing: StandingAlerts;
  private disabled: string | undefined;
  private pausedUntil = 0;
  private dueAt: number | undefined;
  private readonly budget: AlertBudget;
  private readonly reading: AlertReading;
  private readonly place: AlertPlace;
  private readonly state = new AlertStatus();

  constructor(private readonly options: AlertReactorOptions) {
    const { destination, now, feed, rowOf, world, page } = options;
    const { name, filter, digestMs } = destination;
    this.budget = new AlertBudget(destination.atOnce, destination.everyMs, now());
    this.standing = new StandingAlerts(name, filter.choices, now());
    this.reading = new AlertReading({ destination: name, filter, feed, rowOf, world, page, digestMs });
    this.place = new AlertPlace(options.journal, this.reading);
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
      await this.writePassed(false);
    } catch (error) {
      this.pausedUntil = now() + logPauseMs;
      log.error('alerts could not be looked at', { destination: destination.name, reason: String(error) });
    }
  }

  /** Ms after which a look is due although nothing calls; undefined when nothing waits. */
  nextDueMs(): number | undefined {
    const { sending, place } = this;
    const times = [
      this.options.journal.flushAt,
      ...(this.disabled !== undefined ? [] : [sending === undefined ? this.dueAt : sending.notBefore]),
      ...(sending === undefined ? [place.dueAt] : []),
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
      isOpen: place.at !== undefined,
      behind: place.at === undefined ? undefined : feed.countAfter(place.at),
      givenUp: [...givenUp, ...again].map(({ messageId }) => messageId),
    });
  }

  /** Finds out where it stood; a destination that is met for the first time begins now, with an event that says so. */
  private async open(): Promise<void> {
    if (this.place.at !== undefined) return;
    const { journal, destination, feed, now, alerts } = this.options;
    const recalled = await journal.recall();
    const upTo = recalled?.upTo ?? (await journal.added(destination.variety));
    const place = await feed.placeOf(upTo);
    if (place === undefined) throw new Error(`The log has no event ${upTo}, where ${destination.name} stood`);
    if (recalled !== undefined) {
      this.disabled = recalled.disabled;
      this.givenUp = [...recalled.givenUp].reverse();
      this.reading.remember(recalled.toldViolations);
      this.standing = new StandingAlerts(destination.name, destination.filter.choices, now(), recalled.toldAlerts);
      this.state.delivered(recalled.lastSuccess);
      // Nobody knows whether it was sent: it is sent, and is the same message.
      if (recalled.begun !== undefined) {
        const begun = await this.reading.again(recalled.begun);
        if (begun !== undefined) this.sending = sendingOf(begun);
      }
      if (this.disabled !== undefined)
        alerts.raise('alert-destination-disabled', disabledFields(destination.name, this.disabled));
    }
    this.place.beginAt(place, now());
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
      if (message !== undefined) return { ...sendingOf(message), again: true };
      await this.settled({ messageId: given.messageId, kind: given.kind, messages: 0, alerts: 0, attempts: 0 });
    }
    const left = this.budget.left(now);
    const { alerts, destination } = this.options;
    const own = ownAlerts(destination.name, this.standing, alerts.current(), now);
    if (own !== undefined && left > 0) return own;
    if (this.place.at === undefined) return undefined;
    const found = await this.reading.next(this.place.at, { now, left });
    this.place.at = found.place;
    if (found.message !== undefined) return sendingOf(found.message);
    const isHeld = own !== undefined || found.isHeld === true;
    this.dueAt = earliest(
      isHeld ? this.budget.nextAt(now) : undefined,
      found.dueAt,
      this.standing.nextAt(alerts.current(), now),
    );
    return undefined;
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
    const { covers, raised = [], cleared = [], again } = sending;
    this.sending = undefined;
    alerts.clear('alert-undelivered', destination.name);
    this.standing.tellOf({ raised, cleared });
    this.reading.remember([...(covers?.violationIds ?? [])]);
    const delivered = deliveredOf(sending);
    if (again === true) return this.settled(delivered);
    if (covers === undefined) return this.options.journal.delivered(delivered);
    this.place.moveTo(covers.upTo);
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
    const { covers, tries, firstTriedAt, again, raised = [], cleared = [] } = sending;
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
    const given = givenUpOf(sending, covers, reason);
    this.givenUp.push(given);
    if (again === true) return;
    await journal.givenUp(given);
    this.place.moveTo(covers.upTo);
  }

  private async disable(reason: string): Promise<void> {
    const { journal, alerts, destination } = this.options;
    this.disabled = reason;
    alerts.raise('alert-destination-disabled', disabledFields(destination.name, reason));
    await journal.disabled(reason);
  }

  private async writePassed(isLast: boolean): Promise<void> {
    if (this.sending === undefined) await this.place.writePassed(this.options.now(), isLast);
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
