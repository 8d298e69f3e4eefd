import { LogFold } from '../../../projections/index.js';
import { DayMailer, type DayMailerOptions } from '../../../src/audit/report/mail/day-mailer.js';
import { MailJournal } from '../../../src/audit/report/mail/mail-journal.js';
import { readDay } from '../../../src/audit/report/read-day.js';
import { openEmbeddedStore } from '../../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../../src/event-store/event-store.port.js';
import { Alerts } from '../../../src/ops/alerts.js';
import { Log } from '../../../src/ops/log.js';
import { sendMail } from '../../../src/transports/mail-sender.js';
import { mailServer, type MailServer } from '../../support/mail-server.js';
import { storeFact } from '../../support/publish.js';

export const minute = 60_000;
export const hour = 60 * minute;

/** A log, a mail server and mailers on them, under a clock that stands where it is put. */
export class MailBench {
  readonly alerts = new Alerts(new Log('json', () => {}));
  /** Whether the log can store anything. */
  isFull = false;
  private now = 0;

  private constructor(
    private readonly directory: string,
    private store: EventStore,
    readonly server: MailServer,
  ) {}

  static async open(directory: string): Promise<MailBench> {
    const now = (): number => bench.now;
    const bench: MailBench = new MailBench(
      directory,
      await openEmbeddedStore({ directory, create: true, now }),
      await mailServer(),
    );
    return bench;
  }

  at(instant: string): void {
    this.now = Date.parse(instant);
  }

  pass(ms: number): void {
    this.now += ms;
  }

  /** Something that the report tells of. */
  async suspended(serverId: string): Promise<void> {
    await storeFact(this.store, 'ServerSuspended', { serverId }, new Date(this.now).toISOString());
  }

  /** As after any end of the engine: nothing but the log is remembered. */
  mailer(more: Partial<DayMailerOptions> = {}): DayMailer {
    const { alerts, server } = this;
    const now = (): number => this.now;
    const journal = new MailJournal(this.store, now);
    return new DayMailer({
      ...{ to: ['noc@example.net', 'soc@example.net'], sites: ['fra1'], logId: this.store.logId },
      ...{ daily: { zone: 'Europe/Berlin', at: '07:00' }, server: '127.0.0.1', alerts, now },
      log: new Log('json', () => {}),
      send: (mail) =>
        sendMail({ host: '127.0.0.1', port: server.port, security: 'none', from: 'portledger@example.net' }, mail),
      report: async (range) => {
        const map = new LogFold();
        for (const event of (await this.store.readAll()).events) map.fold(event);
        return readDay(this.store, map.map, range, map.ordinal);
      },
      journal: {
        mailedDays: () => journal.mailedDays(),
        begins: () => journal.begins(),
        wasMailed: (mailed) =>
          this.isFull ? Promise.reject(new Error('the disk is full')) : journal.wasMailed(mailed),
      },
      pauseAfter: (tries) => tries * 10 * minute,
      ...more,
    });
  }

  /** Lets a time go by in steps, with a look after each. */
  async live(mailer: DayMailer, forMs: number, stepMs = 10 * minute): Promise<void> {
    for (let passed = 0; passed < forMs; passed += stepMs) {
      this.pass(stepMs);
      await mailer.look();
    }
  }

  /** What the log has of mailed reports, oldest first. */
  async journal(): Promise<Record<string, unknown>[]> {
    const { events } = await this.store.readStream('journal-report:day');
    return events.map(({ data }) => data as Record<string, unknown>);
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.server.close();
  }
}
