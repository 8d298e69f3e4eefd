import { isMailboxList, MailServerConfig, mailboxList } from './mail-server-config.js';
import { Expect, Nested, Optional } from './shape.js';

/** The day report by mail: once on every local day. */
export class DayReportConfig {
  /** On the clock of the wall in `zone`. Where the clock is put forward over it, the mail goes as soon as the jump is done. */
  @Expect('a time of day from "00:00" to "23:59"', (value) => /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(String(value)))
  at = '07:00';
  @Expect('a time zone of the IANA list, such as "Europe/Berlin" or "UTC"', isZone)
  zone = 'UTC';
  @Expect(mailboxList, isMailboxList)
  to!: string[];
  @Nested(MailServerConfig)
  smtp!: MailServerConfig;
}

/** What is told by itself, whether something is wrong or not. */
export class ReportConfig {
  @Optional()
  @Nested(DayReportConfig)
  day?: DayReportConfig;
}

/** A zone by its name: a bare offset such as +02:00 would be wrong for half of the year. */
function isZone(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z]/.test(value)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
