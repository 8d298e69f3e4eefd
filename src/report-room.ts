import type { Range } from './audit/report/day-fold.js';
import type { DayReport } from './audit/report/day-report.js';
import { DayMailer, MapBehindError } from './audit/report/mail/day-mailer.js';
import { MailJournal } from './audit/report/mail/mail-journal.js';
import { readDay } from './audit/report/read-day.js';
import type { AppConfig } from './config/app-config.js';
import type { EngineParts } from './engine-parts.js';
import { mailServerOf } from './mail-server.js';
import { pauseAfter } from './reactors/alert-schedule.js';
import { sendMail } from './transports/mail-sender.js';
import { whenLive } from './when-live.js';

/** How long a report waits for the map to hold what the log holds, ms. */
const longestWaitMs = 30_000;

/** Of the day report, where the configuration says to whom. */
export function openDayMailer({
  config,
  store,
  projector,
  alerts,
  log,
}: Pick<EngineParts, 'config' | 'store' | 'projector' | 'alerts' | 'log'>): DayMailer | undefined {
  const { day } = config.report;
  if (day === undefined) return undefined;
  const { at, zone, to, smtp } = day;
  const server = mailServerOf(smtp);
  return new DayMailer({
    ...{ to, alerts, log, logId: store.logId, sites: sitesOf(config) },
    daily: { at, zone },
    server: `${smtp.host}:${smtp.port}`,
    send: (mail) => sendMail(server, mail),
    report: (range) => reportOf({ store, projector }, range),
    journal: new MailJournal(store, Date.now),
    now: Date.now,
    pauseAfter: (tries) => pauseAfter(tries, Math.random()),
  });
}

/** Mails the report when it is due, from when the map is live. */
export function startDayMailer({ dayMailer, projector }: EngineParts): { close(): Promise<void> } {
  if (dayMailer === undefined) return { close: () => Promise.resolve() };
  const waiting = whenLive(projector.liveMap, () => dayMailer.start());
  return {
    close: () => {
      waiting.unsubscribe();
      return dayMailer.close();
    },
  };
}

/** What the log holds when it is asked is in the report, also what the map has yet to fold. */
async function reportOf(
  { store, projector }: Pick<EngineParts, 'store' | 'projector'>,
  range: Range,
): Promise<DayReport> {
  const { liveMap } = projector;
  const head = await store.head();
  if (head !== undefined && !(await liveMap.reached(head.ordinal, longestWaitMs)))
    throw new MapBehindError(head.ordinal, longestWaitMs);
  return readDay(store, liveMap.map, range, liveMap.ordinal);
}

function sitesOf({ sites, gateways, sensors }: AppConfig): string[] {
  const named = [...sites.map(({ name }) => name), ...[...gateways, ...sensors].map(({ site }) => site)];
  return [...new Set(named)].toSorted();
}
