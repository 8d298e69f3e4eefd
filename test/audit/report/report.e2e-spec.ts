import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { storeFact } from '../../support/publish.js';

describe('portledger report day', () => {
  let engine: RunningEngine;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portledger-report-'));
    engine = await RunningEngine.start();
    const { store, projector } = engine.parts;
    await storeFact(store, 'ServerSuspended', { serverId: 's1', reason: 'invoice overdue' });
    await storeFact(store, 'SensorSilent', { sensor: 'leaf1-e66' });
    const head = await store.head();
    await projector.liveMap.reached(head?.ordinal ?? 0, 30_000);
  });
  afterAll(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true });
  });

  const report = (...words: string[]): Promise<Said> =>
    portledger(['report', 'day', ...words], speakingTo(engine, engine.tokens.auditor));

  it('writes one page of the running engine', async () => {
    const file = join(folder, 'day.html');
    const said = await report('-o', file);
    expect(said).toMatchObject({ code: 0, out: '' });
    const page = readFileSync(file, 'utf8');
    for (const text of ['invoice overdue', 'leaf1-e66', 'silent']) expect(page).toContain(text);
  });

  it('tells the same of the engine and of its log', async () => {
    const live = await report('--json');
    const offline = await portledger(['report', 'day', '--json', '--offline', engine.dataDir]);
    expect([live.code, offline.code]).toEqual([0, 0]);
    const [one, other] = [live, offline].map(({ out }) => JSON.parse(out) as Record<string, unknown>);
    for (const part of ['logId', 'violations', 'billing', 'sensors', 'devices', 'moves', 'standing'])
      expect(one?.[part]).toEqual(other?.[part]);
    expect(one).toMatchObject({ billing: { total: 1 }, sensors: { total: 1 } });
  });

  it('gives the page over HTTP as well, to auditors only', async () => {
    const get = (query: string, token: string): Promise<Response> =>
      fetch(`${engine.url}/v1/report/day${query}`, { headers: { authorization: `Bearer ${token}` } });
    const page = await get('?format=html&since=7d', engine.tokens.auditor);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await page.text()).toContain('invoice overdue');
    expect((await get('', engine.tokens.publisher)).status).toBe(403);
    for (const query of ['?since=400d', '?format=pdf'])
      expect((await get(query, engine.tokens.auditor)).status).toBe(400);
  });

  it.each([
    [['--since', 'yesterday'], 2, 'write 24h'],
    [['tomorrow'], 2, 'takes options only'],
    [['-o', '/nowhere/at/all.html'], 1, 'cannot be written'],
  ])('%j ends with %i and writes nothing', async (words, code, why) => {
    expect(await report(...words)).toMatchObject({ code, err: expect.stringContaining(why) as string });
    expect(existsSync('/nowhere')).toBe(false);
  });
});
