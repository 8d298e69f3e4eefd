import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { until } from '../../reactors/reactor-bench.js';
import { mailServer, type MailServer } from '../../support/mail-server.js';
import { mailingEngine } from './mailing-engine.js';

const path = '/v1/report/day/mail';

describe('portledger report day --mail', () => {
  let server: MailServer;
  let engine: RunningEngine;
  beforeAll(async () => {
    server = await mailServer();
    engine = await mailingEngine(server.port);
    await until(() => engine.parts.dayMailer?.status().last !== undefined);
  });
  beforeEach(() => {
    server.taken.splice(0);
    server.answer = undefined;
    server.refuse = () => false;
  });
  afterAll(async () => {
    await engine.stop();
    await server.close();
  });

  const report = (...words: string[]): Promise<Said> =>
    portledger(['report', 'day', ...words], speakingTo(engine, engine.tokens.operator));
  const journal = async (): Promise<unknown[]> =>
    (await engine.parts.store.readStream('journal-report:day')).events.map(({ data }) => data);

  it('mails it at once to those of the configuration, and the log keeps who had it sent', async () => {
    const { code, out, err } = await report('--mail', '--since', '7d');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^Mailed to noc@example\.net and soc@example\.net: portledger \d{4}-\d\d-\d\d: 0 new violations/,
    );
    expect(server.taken).toHaveLength(1);
    expect(server.taken[0]?.mail.text).toContain('invoice overdue');
    expect((await journal()).at(-1)).toMatchObject({ by: 'token:operator', recipients: 2, attempts: 1 });
    expect((await journal()).at(-1)).not.toHaveProperty('day');
  });

  it('tells of the range that it is asked for', async () => {
    expect(await report('--mail', '--since', '1h', '--json')).toMatchObject({ code: 0 });
    expect(server.taken[0]?.mail.text).not.toContain('invoice overdue');
  });

  it('shows with --dry-run to whom and when, and sends nothing', async () => {
    const before = await journal();
    const shown = await report('--mail', '--dry-run');
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toMatch(/^Would be mailed to noc@example\.net and soc@example\.net by 127\.0\.0\.1:\d+\./);
    expect(shown.out).toMatch(/every day at \d\d:\d\d UTC, next \S+; last for \d{4}-\d\d-\d\d\.\n$/);
    const { out } = await report('--mail', '--dry-run', '--json');
    expect(JSON.parse(out)).toMatchObject({ to: ['noc@example.net', 'soc@example.net'], zone: 'UTC' });
    expect([server.taken, await journal()]).toEqual([[], before]);
  });

  it('ends with 1 and the code of the server where it is refused, and nothing is written down', async () => {
    const before = await journal();
    server.answer = 550;
    const said = await report('--mail');
    expect(said).toMatchObject({ code: 1, out: '', err: expect.stringContaining('it answered 550') as string });
    expect(said.err).not.toContain('canary');
    expect(JSON.parse((await report('--mail', '--json')).out)).toMatchObject({ outcome: 'refused' });
    expect(await journal()).toEqual(before);
  });

  it('says where the server took it for some only', async () => {
    server.refuse = (recipient) => recipient.startsWith('soc');
    expect(await report('--mail')).toMatchObject({ code: 0, err: expect.stringContaining('for 1 of them') as string });
  });

  it('is for auditors and operators', async () => {
    for (const [token, status] of [
      [engine.tokens.auditor, 200],
      [engine.tokens.operator, 200],
      [engine.tokens.viewer, 403],
      [engine.tokens.admin, 403],
    ] as const) {
      const headers = { authorization: `Bearer ${token}` };
      expect((await engine.call(path, { headers })).status).toBe(status);
      expect((await engine.call(path, { method: 'POST', headers })).status).toBe(status);
    }
    expect(server.taken).toHaveLength(2);
  });

  it('sends one at a time', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const slow = await mailServer({ onMailFrom: (_address, _session, done) => void held.then(() => done()) });
    const other = await mailingEngine(slow.port);
    try {
      const headers = { authorization: `Bearer ${other.tokens.operator}` };
      const send = () => other.call(path, { method: 'POST', headers });
      const both = [send(), send()];
      const first = await Promise.race(both);
      expect(first).toMatchObject({ status: 409, body: { type: expect.stringContaining('under-way') as string } });
      letGo();
      expect((await Promise.all(both)).map(({ status }) => status).toSorted()).toEqual([200, 409]);
    } finally {
      letGo();
      await other.stop();
      await slow.close();
    }
  });

  it.each([
    [['--mail', '-o', 'day.html'], 'not with --output'],
    [['--mail', '--offline', '/tmp'], 'not with --offline'],
    [['--dry-run'], '--dry-run is for --mail'],
  ])('%j is a mistake, and nothing is sent', async (words, why) => {
    expect(await report(...words)).toMatchObject({ code: 2, err: expect.stringContaining(why) as string });
    expect(server.taken).toEqual([]);
  });

  it('refuses a length that is none', async () => {
    expect(await report('--mail', '--since', '400d')).toMatchObject({
      code: 1,
      err: expect.stringContaining('write 24h') as string,
    });
  });

  it('ends with 3 where the engine mails no report, and says where to put it', async () => {
    const silent = await RunningEngine.start();
    try {
      const said = await portledger(['report', 'day', '--mail'], speakingTo(silent, silent.tokens.operator));
      expect(said).toMatchObject({ code: 3, err: expect.stringContaining('report.day') as string });
    } finally {
      await silent.stop();
    }
  });
});
