import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { storeFact } from '../../support/publish.js';

type Json = Record<string, unknown>;

describe('portledger report', () => {
  let engine: RunningEngine;
  let folder: string;
  let goneOut: number;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portledger-money-'));
    engine = await RunningEngine.start();
    const { store, projector } = engine.parts;
    const server = async (n: number, address: string, mac: string): Promise<void> => {
      const serverId = `s${n}`;
      await storeFact(store, 'ServerAdded', {
        serverId,
        customerId: `c${n}`,
        port: `leaf1:Ethernet${n}`,
        vlan: 10 + n,
        mac,
      });
      await storeFact(store, 'Ipv4AddOnBought', { serverId, addOnId: 'ip-1', address });
    };
    await storeFact(store, 'AddOnRateSet', { product: 'ipv4', currency: 'EUR', monthlyPriceMinor: 310 });
    await server(1, '198.51.100.1', '52:54:00:00:00:01');
    await server(2, '198.51.100.2', '52:54:00:00:00:02');
    await storeFact(store, 'Ipv6PrefixAssigned', { serverId: 's1', prefix: '2001:db8:1::/48' });
    for (const n of [1, 2]) await storeFact(store, 'LinkUp', { port: `leaf1:Ethernet${n}` });
    await storeFact(store, 'MacSeen', { port: 'leaf1:Ethernet1', vlan: 11, mac: '52:54:00:00:00:01' });
    const line = {
      change: 'add',
      kind: 'route',
      line: 'route 198.51.100.1/32 via vlan11 med 0',
      serverId: 's1',
      cause: 2,
      readBack: 'present',
    };
    const done = { planId: 'p', device: 'leaf1', part: 0, of: 1, outcome: 'confirmed', lines: [line] };
    await storeFact(store, 'ReconcileFinished', done, '2026-02-01T00:00:00.000Z');
    const violation = {
      ...{
        violationId: 'v1',
        rule: 'unpaid-ipv4-in-use',
        ruleVersion: 1,
        severity: 'medium',
        sensor: 'x',
        attribution: 'interface',
      },
      ...{
        site: 'default',
        switch: 'leaf1',
        port: 'leaf1:Ethernet1',
        observation: 'arp-reply',
        etherSource: '52:54:00:00:00:01',
        claimedMac: '52:54:00:00:00:01',
      },
      ...{
        claimedAddress: '198.51.100.9',
        frameTime: '2026-02-01T00:00:00.000Z',
        detail: 'nobody pays',
        offenderServerId: 's1',
      },
    };
    goneOut = await storeFact(store, 'ViolationDetected', violation);
    const cancelled = { serverId: 's2', addOnId: 'ip-1' };
    const later = '2026-11-02T00:00:00.000Z';
    for (const [n, name] of [
      [3, 'leaf1'],
      [4, 'leaf2'],
    ] as const) {
      const [serverId, port] = [`s${n}`, `${name}:Ethernet${n}`];
      const mac = `52:54:00:00:00:0${n}`;
      await storeFact(store, 'ServerAdded', { serverId, customerId: `c${n}`, port, vlan: 10 + n, mac }, later);
      await storeFact(store, 'Ipv4AddOnBought', { serverId, addOnId: 'ip-1', address: `198.51.100.${n}` }, later);
      await storeFact(store, 'LinkUp', { port });
    }
    const last = await storeFact(store, 'Ipv4AddOnCancelled', cancelled, '2026-10-11T00:00:00.000Z');
    await projector.liveMap.reached(last, 30_000);
  });
  afterAll(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true });
  });

  const report = (...words: string[]): Promise<Said> =>
    portledger(['report', ...words], speakingTo(engine, engine.tokens.auditor));
  const json = async (...words: string[]): Promise<Json> => {
    const said = await report(...words, '--json');
    expect(said).toMatchObject({ code: 0 });
    return JSON.parse(said.out) as Json;
  };

  it('addons bills a month, and names in each line the purchase that made the route', async () => {
    const answer = await json('addons', '--month', '2026-10');
    const bought = await engine.parts.store.readStream('server-s2');
    const [, purchase, cancellation] = bought.events;
    expect(answer).toMatchObject({
      lines: [
        { customerId: 'c1', address: '198.51.100.1', amountMinor: 310 },
        {
          ...{ customerId: 'c2', address: '198.51.100.2', amountMinor: 100, to: '2026-10-11T00:00:00.000Z' },
          ...{ boughtBy: purchase?.id, ended: { why: 'cancelled', event: cancellation?.id } },
        },
      ],
      totals: [{ currency: 'EUR', lines: 2, totalMinor: '410' }],
    });
  });

  it('addons credits what the invoice said that had gone out', async () => {
    const answer = await json('addons', '--month', '2026-10', '--billed-at', `#${goneOut}`);
    expect(answer).toMatchObject({
      corrections: [{ customerId: 'c2', thenMinor: '310', nowMinor: '100', differenceMinor: '-210' }],
    });
    const then = await json('addons', '--month', '2026-10', '--known-at', `#${goneOut}`, '--customer', 'c2');
    expect(then).toMatchObject({ lines: [{ customerId: 'c2', amountMinor: 310 }], totals: [{ totalMinor: '310' }] });
  });

  it('yield tells what each address and each block brings', async () =>
    expect(await json('yield', '--month', '2026-10')).toMatchObject({
      blocks: [{ of: '198.51.100.0/24', addresses: 2, incomeMinor: '410', milliDays: 41_000 }],
      addresses: [
        { of: '198.51.100.1', incomeMinor: '310' },
        { of: '198.51.100.2', incomeMinor: '100', milliDays: 10_000 },
      ],
    }));

  it('idle tells what was never seen, where nobody watches, and what is used and not paid', async () =>
    expect(await json('idle')).toMatchObject({
      idle: [
        { address: '198.51.100.3', serverId: 's3', customerId: 'c3', why: 'never-seen' },
        { address: '198.51.100.4', serverId: 's4', why: 'unwatched' },
      ],
      unpaid: [{ address: '198.51.100.9', violationId: 'v1' }],
    }));

  it('migration counts by what was sold and by what devices routed', async () => {
    const { stages } = await json('migration', '--month', '2026-10');
    const counts = { 'v4-only': 0, dual: 0, 'v6-only': 0, none: 0 };
    expect((stages as Json[]).slice(-2)).toMatchObject([
      { month: '2026-09', sold: { ...counts, dual: 1, 'v4-only': 1 }, observed: { ...counts, 'v4-only': 1, none: 1 } },
      { month: '2026-10', sold: { ...counts, dual: 1, none: 1 }, observed: { ...counts, 'v4-only': 1, none: 1 } },
    ]);
  });

  it.each(['addons', 'yield', 'migration', 'idle'])('%s tells the same of the engine and of its log', async (name) => {
    const month = name === 'idle' ? [] : ['--month', '2026-10'];
    const live = await json(name, ...month);
    const offline = await portledger(['report', name, ...month, '--json', '--offline', engine.dataDir]);
    // Each look is an event of its own, so that the log has grown meanwhile.
    expect({ ...(JSON.parse(offline.out) as Json), ordinal: 0 }).toEqual({ ...live, ordinal: 0 });
  });

  it.each(['addons', 'yield', 'migration', 'idle'])('%s is written as text, as columns and as a page', async (name) => {
    const [text, csv] = [await report(name), await report(name, '--csv')];
    expect([text.code, csv.code, text.out.startsWith('portledger: ')]).toEqual([0, 0, true]);
    const rows = csv.out
      .trimEnd()
      .split('\n')
      .map((row) => row.split(',').length);
    expect(new Set(rows).size).toBe(1);
    const file = join(folder, `${name}.html`);
    expect(await report(name, '-o', file)).toMatchObject({ code: 0, out: '' });
    const page = readFileSync(file, 'utf8');
    expect(page.includes('<svg')).toBe(name !== 'idle');
    expect(page).not.toMatch(/<script|src=|href=/);
  });

  it('gives the pages over HTTP as well, to auditors only', async () => {
    const get = (query: string, token: string): Promise<Response> =>
      fetch(`${engine.url}/v1/report/${query}`, { headers: { authorization: `Bearer ${token}` } });
    const page = await get('addons?format=html&month=2026-10', engine.tokens.auditor);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await page.text()).toContain('198.51.100.2');
    for (const name of ['addons', 'yield', 'migration', 'idle'])
      expect((await get(name, engine.tokens.publisher)).status).toBe(403);
    for (const query of ['addons?month=10-2026', 'addons?format=pdf', 'idle?month=2026-10', 'yield?billedAt=%231'])
      expect((await get(query, engine.tokens.auditor)).status).toBe(400);
  });

  it.each([
    [['addons', '--month', 'October'], 2, 'write 2026-10'],
    [['addons', '--json', '--csv'], 2, 'give one'],
    [['yield', 'tomorrow'], 2, 'takes options only'],
    [['addons', '-o', '/nowhere/at/all.html'], 1, 'cannot be written'],
  ])('%j ends with %i and writes nothing', async (words, code, why) => {
    expect(await report(...words)).toMatchObject({ code, err: expect.stringContaining(why) as string });
    expect(existsSync('/nowhere')).toBe(false);
  });
});
