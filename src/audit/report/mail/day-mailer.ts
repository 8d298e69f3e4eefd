import { randomUUID } from 'node:crypto';
import { formatInstant } from '../../../../events/index.js';
import type { Alerts } from '../../../ops/alerts.js';
import type { Log } from '../../../ops/log.js';
import { type Mail, type MailTaken, mailTrouble } from '../../../transports/mail-sender.js';
import type { Range } from '../day-fold.js';
import type { DayReport } from '../day-report.js';
import { dayMail } from './day-mail.js';
import type { Mailed, MailJournal } from './mail-journal.js';
import { dayOf, ZoneClock } from './local-time.js';
import type { MailSent } from './mail-sent.js';
import { type DailyTime, type DueReport, type MailedDay, scheduleOf } from './mail-schedule.js';

export interface DayMailerOptions {
  readonly daily: DailyTime;
  readonly to: readonly string[];
  /** Names of the sites, for the subject. */
  readonly sites: readonly string[];
  /** Of which engine it is: part of the Message-ID. */
  readonly logId: string;
  /** The server as people know it. */
  readonly server: string;
  /** One try; rejects where the server took it for nobody. */
  readonly send: (mail: Mail) => Promise<MailTaken>;
  /** Rejects with a StoreError. */
  readonly report: (range: Range) => Promise<DayReport>;
  readonly journal: Pick<MailJournal, 'mailedDays' | 'begins' | 'wasMailed'>;
  readonly alerts: Pick<Alerts, 'raise' | 'clear'>;
  readonly log: Log;
  /** Ms since 1970. */
  readonly now: () => number;
  /** Ms to wait after so many tries that failed. */
  readonly pauseAfter: (tries: number) => number;
}

/** A report that the server did not take yet. */
interface Trying {
  readonly due: DueReport;
  tries: number;
  notBefore: number;
  reason: string | undefined;
}

export interface DayMailStatus extends DailyTime {
  readonly server: string;
  readonly to: readonly string[];
  /** When the next one is due, RFC 3339. */
  readonly next: string;
  /** The newest that went out by itself; absent before the first. */
  readonly last?: { readonly day: string; readonly to: string };
  /** What the server did not take yet, and when it is tried again. */
  readonly failing?: {
    readonly day: string;
    readonly tries: number;
    readonly reason: string;
    readonly nextTry: string;
  };
}

/** From this try on somebody is told. A server that wants to see a sender twice is content before. */
const worrying = 3;
/** A clock that is put right is noticed within this. */
const longestSleepMs = 60_000;
/** What was recorded at the very end of the range has reached the log by then. */
const settleMs = 1_000;
const logPauseMs = 30_000;
export const unmailed = 'day-report-unmailed';

/** A report made now would never tell of what the map has yet to fold: it is made later. */
export class MapBehindError extends Error {
  constructor(ordinal: number, waitedMs: number) {
    super(
      `The map has not folded event #${ordinal} within ${waitedMs / 1000} s; ask for the report again when it has.`,
    );
    this.name = 'MapBehindError';
  }
}

/** Mails the day report on every local day, once: at its time, or as soon as it can afterwards. */
export class DayMailer {
  private mailed: readonly MailedDay[] | undefined;
  private begins: number | undefined;
  private readonly unwritten: Mailed[] = [];
  private writing: Promise<void> = Promise.resolve();
  private trying: Trying | undefined;
  private running: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private isClosing = false;

  constructor(private readonly options: DayMailerOptions) {}

  /** Looks now, and then whenever something may be due. The map must be live. */
  start(): void {
    if (this.isClosing) return;
    this.running = this.look().then((sleepMs) => {
      if (!this.isClosing) this.timer = setTimeout(() => this.start(), sleepMs).unref();
    });
  }

  /** Ends after the try that is under way, and what came of it is written down. */
  async close(): Promise<void> {
    this.isClosing = true;
    clearTimeout(this.timer);
    await this.running;
    if (this.unwritten.length > 0) await this.write().catch(() => undefined);
  }

  /** Mails what is due; ms until the next look. Never rejects: what went wrong is told and tried again. */
  async look(): Promise<number> {
    const { daily, now, log, journal } = this.options;
    try {
      this.mailed ??= await journal.mailedDays();
      await this.write();
      this.begins ??= await journal.begins();
      const soFar = { mailed: this.mailed, begins: this.begins ?? Number.POSITIVE_INFINITY };
      const { due, nextAt } = scheduleOf(daily, soFar, now());
      if (due === undefined) return Math.min(Math.max(nextAt - now(), 0) + settleMs, longestSleepMs);
      if (this.trying?.due.day !== due.day) this.trying = { due, tries: 0, notBefore: 0, reason: undefined };
      if (this.trying.notBefore <= now()) await this.try(this.trying);
      return Math.min(Math.max((this.trying?.notBefore ?? now()) - now(), 0) + 1, longestSleepMs);
    } catch (error) {
      log.error('mailed reports could not be looked up', { reason: String(error) });
      return logPauseMs;
    }
  }

  /** Sends one now, beside the plan: one try. Rejects with a StoreError or a MapBehindError; then nothing was sent. */
  async sendNow(range: Range, by: string): Promise<MailSent> {
    const { send, to, report, sites, now, daily, log } = this.options;
    const id = `portledger.day.${randomUUID()}`;
    const day = dayOf(new ZoneClock(daily.zone).wallAt(now()));
    const mail = { id, to, ...dayMail(await report(range), { sites, day }) };
    let taken: MailTaken;
    try {
      taken = await send(mail);
    } catch (error) {
      return { outcome: 'refused', reason: mailTrouble(error) };
    }
    this.unwritten.push({ ...spelt(range), messageId: id, ...taken, attempts: 1, by });
    // It went out whether the log can say so now or later.
    await this.write().catch((error: unknown) => log.error('mailed report not journaled', { reason: String(error) }));
    return { outcome: 'mailed', subject: mail.subject, messageId: id, ...taken };
  }

  status(): DayMailStatus {
    const { daily, server, to, now } = this.options;
    const mailed = this.mailed ?? [];
    const { nextAt } = scheduleOf(daily, { mailed, begins: 0 }, now());
    const last = mailed[0];
    const { trying } = this;
    return {
      ...{ server, to, ...daily, next: formatInstant(nextAt) },
      ...(last && { last: { day: last.day, to: formatInstant(last.to) } }),
      ...(trying?.reason !== undefined && {
        failing: {
          ...{ day: trying.due.day, tries: trying.tries, reason: trying.reason },
          nextTry: formatInstant(trying.notBefore),
        },
      }),
    };
  }

  private async try(trying: Trying): Promise<void> {
    const { send, to, report, sites, logId, now, pauseAfter, log } = this.options;
    const { due } = trying;
    const content = dayMail(await report(due), { sites, day: due.day });
    trying.tries++;
    // The same at every try and after a crash: nobody knows whether a server that broke off had taken it.
    const id = `portledger.day.${due.day}.${logId}`;
    try {
      const taken = await send({ id, to, ...content });
      this.trying = undefined;
      this.mailed = [due, ...(this.mailed ?? [])];
      this.unwritten.push({ day: due.day, ...spelt(due), messageId: id, ...taken, attempts: trying.tries });
      this.tellTaken(due, taken);
    } catch (error) {
      trying.reason = mailTrouble(error);
      trying.notBefore = now() + pauseAfter(trying.tries);
      log.error('day report was not taken', { day: due.day, tries: trying.tries, reason: trying.reason });
      this.tellTrouble(trying, trying.reason);
    }
    await this.write();
  }

  /** A full disk makes nobody get a report twice: it is written as soon as it can be. */
  private write(): Promise<void> {
    this.writing = this.writing.catch(() => undefined).then(() => this.writeAll());
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    for (let next = this.unwritten[0]; next !== undefined; next = this.unwritten[0]) {
      await this.options.journal.wasMailed(next);
      this.unwritten.shift();
    }
  }

  private tellTaken({ day }: DueReport, { recipients, refused }: MailTaken): void {
    const { alerts, log, server } = this.options;
    log.info('day report mailed', { day, recipients, refused });
    alerts.clear(unmailed, 'server');
    if (refused === 0) return alerts.clear(unmailed, 'recipients');
    const detail = `${server} refused ${refused} of the ${recipients + refused} recipients of the day report. See report.day.to in the configuration.`;
    alerts.raise(unmailed, { key: 'recipients', detail });
  }

  private tellTrouble({ due, tries }: Trying, reason: string): void {
    if (tries < worrying) return;
    const { alerts, server } = this.options;
    const cure = 'It is tried again until the next one is due, which then tells of both days; see report.day.smtp';
    const detail = `The day report of ${due.day} was not taken by ${server} (${reason}). ${cure} in the configuration.`;
    alerts.raise(unmailed, { key: 'server', detail });
  }
}

const spelt = ({ from, to }: Range): { from: string; to: string } => ({
  from: formatInstant(from),
  to: formatInstant(to),
});
