import type { Attachment } from 'mailparser';
import { temporaryDirectories } from '../../event-store/temporary-directory.js';
import { hour, MailBench, minute } from './mail-bench.js';

const newDirectory = temporaryDirectories();
const day = 24 * hour;

describe('the day report by mail', () => {
  let bench: MailBench;
  beforeEach(async () => {
    bench = await MailBench.open(newDirectory());
    bench.at('2026-03-27T12:00:00Z');
    await bench.suspended('srv-1');
  });
  afterEach(() => bench.close());

  const subjects = (): (string | undefined)[] => bench.server.taken.map(({ mail }) => mail.subject);

  it('goes out once a day at its time on the wall, also when the clock is put forward', async () => {
    await bench.live(bench.mailer(), 3 * day);
    expect(subjects()).toEqual([
      'portledger fra1 2026-03-28: 0 new violations, 0 open, 0 moves',
      'portledger fra1 2026-03-29: 0 new violations, 0 open, 0 moves',
      'portledger fra1 2026-03-30: 0 new violations, 0 open, 0 moves',
    ]);
    expect((await bench.journal()).map(({ day: one, from, to }) => [one, from, to])).toEqual([
      ['2026-03-28', '2026-03-27T06:00:00.000Z', '2026-03-28T06:00:00.000Z'],
      ['2026-03-29', '2026-03-28T06:00:00.000Z', '2026-03-29T05:00:00.000Z'],
      ['2026-03-30', '2026-03-29T05:00:00.000Z', '2026-03-30T05:00:00.000Z'],
    ]);
  });

  it('is text for some mail programs, a page without drawings for others, and a page to keep', async () => {
    await bench.live(bench.mailer(), day);
    const [{ mail, to } = { mail: undefined, to: [] }] = bench.server.taken;
    expect(to).toEqual(['noc@example.net', 'soc@example.net']);
    expect(mail?.text).toMatch(/BILLING WITHDREW OR REFUSED\n[^]*srv-1/);
    expect(mail?.html).toContain('srv-1');
    expect(mail?.html).not.toContain('<svg');
    const [page] = mail?.attachments as Attachment[];
    expect(page).toMatchObject({ filename: 'portledger-day-2026-03-28.html', contentType: 'text/html' });
    expect(page?.content.toString()).toContain('<svg');
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('has the same Message-ID where nobody wrote down that it went out, and another on the next day', async () => {
    bench.isFull = true;
    await bench.live(bench.mailer(), day);
    bench.isFull = false;
    await bench.live(bench.mailer(), day);
    const [first, again, next] = bench.server.taken.map(({ mail }) => mail.messageId);
    expect(first).toMatch(/^<portledger\.day\.2026-03-28\.[0-9a-f-]{36}@example\.net>$/);
    expect(again).toBe(first);
    expect(next).toMatch(/^<portledger\.day\.2026-03-29\./);
  });

  it('does not go out again after a restart', async () => {
    for (let starts = 0; starts < 12; starts++) await bench.live(bench.mailer(), 4 * hour, 30 * minute);
    expect(bench.server.taken).toHaveLength(2);
  });

  it('goes out late, and once, after days without an engine, and tells of all of them', async () => {
    await bench.live(bench.mailer(), day);
    await bench.suspended('srv-2');
    bench.pass(3.5 * day);
    const mailer = bench.mailer();
    await mailer.look();
    await bench.live(mailer, 4 * hour);
    expect(subjects()).toHaveLength(2);
    expect(subjects()[1]).toContain('2026-03-31');
    expect(bench.server.taken[1]?.mail.text).toContain('srv-2');
    expect(bench.server.taken[1]?.mail.text).not.toContain('srv-1');
  });

  it('is tried again with longer and longer pauses where the server refuses it, and never after it took it', async () => {
    bench.server.answer = 451;
    const mailer = bench.mailer();
    await bench.live(mailer, 20 * hour, 2 * minute);
    const tries = bench.server.begun();
    expect(tries).toBeGreaterThan(2);
    expect(tries).toBeLessThan(9);
    expect(mailer.status().failing).toMatchObject({ day: '2026-03-28', tries, reason: 'it answered 451 (EMESSAGE)' });
    expect(bench.alerts.current()).toMatchObject([{ code: 'day-report-unmailed', key: 'server' }]);
    bench.server.answer = undefined;
    await bench.live(mailer, 3 * hour);
    expect(subjects()).toHaveLength(1);
    expect(await bench.journal()).toMatchObject([
      { day: '2026-03-28', attempts: tries + 1, recipients: 2, refused: 0 },
    ]);
    expect(bench.alerts.current()).toEqual([]);
    expect(mailer.status()).toMatchObject({ last: { day: '2026-03-28' }, next: '2026-03-29T05:00:00.000Z' });
    expect(mailer.status().failing).toBeUndefined();
  });

  it('of a day on which the server took nothing is part of that of the next day', async () => {
    await bench.live(bench.mailer(), day);
    bench.server.answer = 550;
    await bench.suspended('srv-2');
    const mailer = bench.mailer();
    await bench.live(mailer, day, 30 * minute);
    bench.server.answer = undefined;
    bench.at('2026-03-30T05:00:10Z');
    await bench.live(mailer, hour);
    expect(subjects().map((subject) => subject?.slice(0, 26))).toEqual([
      'portledger fra1 2026-03-28',
      'portledger fra1 2026-03-30',
    ]);
    expect(bench.server.taken[1]?.mail.text).toContain('srv-2');
    expect(await bench.journal()).toMatchObject([{ day: '2026-03-28' }, { day: '2026-03-30', attempts: 1 }]);
  });

  it('is not sent again while the log cannot store that it was, and is written down as soon as it can', async () => {
    const mailer = bench.mailer();
    bench.isFull = true;
    await bench.live(mailer, 22 * hour);
    expect(subjects()).toHaveLength(1);
    expect(await bench.journal()).toEqual([]);
    bench.isFull = false;
    await mailer.close();
    expect(await bench.journal()).toMatchObject([{ day: '2026-03-28' }]);
  });

  it('that reached only some of its recipients is not sent again, and somebody is told', async () => {
    bench.server.refuse = (recipient) => recipient.startsWith('soc');
    await bench.live(bench.mailer(), 30 * hour);
    expect(bench.server.taken.map(({ to }) => to)).toEqual([['noc@example.net']]);
    expect(await bench.journal()).toMatchObject([{ recipients: 1, refused: 1 }]);
    expect(bench.alerts.current()).toMatchObject([{ code: 'day-report-unmailed', key: 'recipients' }]);
    bench.server.refuse = () => false;
    await bench.live(bench.mailer(), day);
    expect(bench.alerts.current()).toEqual([]);
  });

  it('sent by somebody keeps the one of the day from nobody', async () => {
    const mailer = bench.mailer();
    const now = Date.parse('2026-03-27T12:00:00Z');
    await mailer.sendNow({ from: now - day, to: now }, 'token:anna');
    await bench.live(bench.mailer(), day);
    expect(subjects()).toHaveLength(2);
    expect(await bench.journal()).toMatchObject([
      { by: 'token:anna', to: '2026-03-27T12:00:00.000Z' },
      { day: '2026-03-28', from: '2026-03-27T06:00:00.000Z' },
    ]);
    const ids = bench.server.taken.map(({ mail }) => mail.messageId);
    expect(new Set(ids).size).toBe(2);
  });

  it('turns no name of a site into a header or a second line', async () => {
    const sites = ['a\r\nBcc: all@example.net\r\n\r\n<b>', '\u202eb', 'c', 'd', 'e'];
    await bench.live(bench.mailer({ sites }), day);
    const [{ mail, to } = { mail: undefined, to: [] }] = bench.server.taken;
    expect(to).toHaveLength(2);
    expect(mail?.bcc).toBeUndefined();
    expect(mail?.subject).toMatch(/^portledger a\S+ .*c and 2 more 2026-03-28: 0 new violations/);
    expect(mail?.subject).not.toMatch(/[\r\n\u202e]/);
    expect(mail?.text).toMatch(/^portledger: 2026-03-27/);
  });
});
