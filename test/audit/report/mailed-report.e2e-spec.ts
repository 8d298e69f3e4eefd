import type { RunningEngine } from '../../e2e/running-engine.js';
import { until } from '../../reactors/reactor-bench.js';
import { mailServer, type MailServer } from '../../support/mail-server.js';
import { mailingEngine } from './mailing-engine.js';

describe('an engine that mails the day report', () => {
  let server: MailServer;
  let engine: RunningEngine | undefined;
  beforeEach(async () => {
    server = await mailServer();
  });
  afterEach(async () => {
    await engine?.stop();
    engine = undefined;
    await server.close();
  });

  const ask = async (of: RunningEngine, path: string): Promise<Record<string, unknown>> =>
    (await of.call(path, { headers: { authorization: `Bearer ${of.tokens.every}` } })).body;

  it('mails it once, also where it is started again in between', async () => {
    engine = await mailingEngine(server.port);
    const { url } = engine;
    await until(() => server.taken.length > 0);
    const [{ mail, to } = { mail: undefined, to: [] }] = server.taken;
    expect(to).toEqual(['noc@example.net', 'soc@example.net']);
    expect(mail?.subject).toMatch(/^portledger \d{4}-\d\d-\d\d: 0 new violations, 0 open, 0 moves$/);
    for (const part of [mail?.text, mail?.html, mail?.attachments[0]?.content.toString()])
      expect(part).toContain('invoice overdue');
    for (let starts = 0; starts < 2; starts++) {
      await engine.restart();
      const { dayMailer } = engine.parts;
      await until(() => dayMailer?.status().last !== undefined);
      await dayMailer?.look();
    }
    expect(engine.url).not.toBe(url);
    expect(server.taken).toHaveLength(1);
    const { events } = await engine.parts.store.readStream('journal-report:day');
    expect(events.map(({ type, data }) => ({ type, data }))).toMatchObject([
      { type: 'DayReportMailed', data: { recipients: 2, refused: 0, attempts: 1 } },
    ]);
    expect(JSON.stringify(events)).not.toContain('noc@');
  });

  it('says what needs a human while the server refuses it, mails it when the server takes it, and never again', async () => {
    server.answer = 451;
    const running = (engine = await mailingEngine(server.port));
    const attention = async (): Promise<string> => JSON.stringify((await ask(running, '/v1/overview'))['attention']);
    await until(async () => (await attention()).includes('day-report-unmailed'));
    expect(await attention()).toContain('it answered 451');
    expect(JSON.stringify(await ask(running, '/readyz'))).toContain('day-report-unmailed');
    expect(running.logLines.join('')).toContain('day report was not taken');
    expect(running.logLines.join('')).not.toContain('canary');
    server.answer = undefined;
    // Nothing is remembered of a refusal: whoever is started again tries at once.
    await running.restart();
    await until(() => server.taken.length > 0);
    await until(async () => !(await attention()).includes('day-report-unmailed'));
    await running.restart();
    await until(() => running.parts.dayMailer?.status().last !== undefined);
    await running.parts.dayMailer?.look();
    expect(server.taken).toHaveLength(1);
  });
});
