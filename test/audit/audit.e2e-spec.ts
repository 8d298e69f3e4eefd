import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run-cli.js';
import { verbs } from '../../src/cli/verbs.js';
import { RunningEngine, source } from '../e2e/running-engine.js';
import type { Ran } from './ran.js';

type Asker = 'viewer' | 'auditor';

const folder = mkdtempSync(join(tmpdir(), 'portledger-audit-'));
let engine: RunningEngine;

async function publish(type: string, serverId: string, time: string, data: object): Promise<void> {
  const id = `${type} ${serverId} ${time}`;
  const event = { specversion: '1.0', type, source, id, subject: serverId, time, data: { serverId, ...data } };
  expect(await engine.publish(event)).toMatchObject({ status: 201 });
}

async function get(path: string, as: Asker): Promise<{ status: number; body: Record<string, unknown> }> {
  return engine.call(path, { headers: { authorization: `Bearer ${engine.tokens[as]}` } });
}

async function portledger(as: Asker | undefined, ...words: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const env =
    as === undefined ? {} : { PORTLEDGER_URL: engine.url, PORTLEDGER_TOKEN_FILE: join(folder, `${as}.token`) };
  const io = {
    ...{ out: (text: string) => void (out += text), err: (text: string) => void (err += text) },
    ...{ errIsTerminal: false, env, stdin: process.stdin },
  };
  return { code: await runCli(verbs, words, io), out, err };
}

beforeAll(async () => {
  engine = await RunningEngine.start(undefined, { settings: { sourceEmbedding: ['2001:db8:64::/80'] } });
  for (const as of ['viewer', 'auditor'] as const) writeFileSync(join(folder, `${as}.token`), `${engine.tokens[as]}\n`);
  const place = { customerId: 'cust-a', port: 'leaf1:Ethernet16', vlan: 16, mac: '52:54:00:00:00:16' };
  const other = { customerId: 'cust-b', port: 'leaf1:Ethernet66', vlan: 66, mac: '52:54:00:00:00:66' };
  const address = '198.51.100.16';
  await publish('ServerAdded', 'srv-a', '2026-01-01T08:00:00Z', place);
  await publish('Ipv4AddOnBought', 'srv-a', '2026-01-01T09:00:00Z', { addOnId: 'ip-1', address });
  await publish('ServerAdded', 'srv-b', '2026-01-01T10:00:00Z', other);
  await publish('Ipv4AddOnCancelled', 'srv-a', '2026-01-05T00:00:00Z', { addOnId: 'ip-1' });
  await publish('Ipv4AddOnBought', 'srv-b', '2026-01-06T00:00:00Z', { addOnId: 'ip-9', address });
});

afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the map over HTTP', () => {
  it('is the live one, filtered', async () => {
    const { status, body } = await get('/v1/map?ip=198.51.100.16', 'viewer');
    expect(status).toBe(200);
    expect(body).toMatchObject({ ordinal: 4, live: true, frozenStreams: [], bindings: [{ serverId: 'srv-b' }] });
  });

  it('is replayed as of a moment, and as known up to an event', async () => {
    const at = await get('/v1/map?ip=198.51.100.16&at=2026-01-03T03:14:00Z', 'viewer');
    expect(at.body).toMatchObject({ ordinal: 4, live: false, bindings: [{ serverId: 'srv-a' }] });
    const known = await get('/v1/map?knownAt=%230', 'viewer');
    expect(known.body).toMatchObject({ ordinal: 0, knownAt: '#0', bindings: [{ serverId: 'srv-a', addresses: [] }] });
  });

  it('comes page by page', async () => {
    const first = await get('/v1/map?limit=1', 'viewer');
    expect(first.body).toMatchObject({ bindings: [{ serverId: 'srv-a' }], next: 'srv-a' });
    const second = await get('/v1/map?limit=1&cursor=srv-a', 'viewer');
    expect(second.body).toMatchObject({ bindings: [{ serverId: 'srv-b' }] });
    expect(second.body).not.toHaveProperty('next');
  });

  it.each([
    ['/v1/map?prot=leaf1:E1', 'viewer', 400, 'question-malformed'],
    ['/v1/map?ip=1.2.3.4&ip=1.2.3.5', 'viewer', 400, 'question-malformed'],
    ['/v1/audit/who-had?subject=203.0.113.9', 'auditor', 404, 'subject-unknown'],
    ['/v1/audit/who-had?subject=srv-a', 'auditor', 400, 'question-malformed'],
    ['/v1/audit/diff?from=%231', 'auditor', 400, 'question-malformed'],
    ['/v1/audit/step?from=yesterday', 'auditor', 400, 'question-malformed'],
    ['/v1/audit/step?subject=203.0.113.9', 'auditor', 404, 'subject-unknown'],
    ['/v1/audit/explain', 'auditor', 400, 'question-malformed'],
  ] as const)('answers %s to a %s with a %d problem', async (path, as, status, code) => {
    const answer = await get(path, as);
    expect(answer).toMatchObject({ status, body: { type: `https://portledger.dev/problems/${code}`, status } });
  });

  it.each(['at', 'who-had?subject=198.51.100.16', 'explain?subject=srv-a', 'diff?from=%230&to=%234', 'step?to=%234'])(
    'keeps audit/%s for auditors',
    async (path) => {
      expect((await get(`/v1/audit/${path}`, 'viewer')).status).toBe(403);
      expect((await get(`/v1/audit/${path}`, 'auditor')).status).toBe(200);
    },
  );
});

describe('portledger audit', () => {
  it.each([
    ['who-had', '198.51.100.16'],
    ['who-had', '5254.0000.0016', '--json'],
    ['explain', 'srv-a'],
    ['diff', '2026-01-04T00:00:00Z', '2026-01-07T00:00:00Z'],
    ['diff', '#0', '#4', '--json'],
    ['step', '--to', '#4'],
    ['step', '198.51.100.16', '--to', '#4', '--json'],
    ['explain', 'leaf1:Ethernet66', '--at', '2026-01-03T03:14:00Z', '--json'],
  ])('answers %s %s the same through the engine and from its data directory beside it', async (...words) => {
    const logSays = await portledger(undefined, 'audit', ...words, '--offline', engine.dataDir);
    const engineSays = await portledger('auditor', 'audit', ...words);
    expect(engineSays).toMatchObject({ code: 0, err: '' });
    expect(engineSays.out).toContain('srv-');
    expect(logSays.out).toBe(engineSays.out);
    expect(logSays.err).toContain('nothing records this look');
  });

  it('shows the map of the engine and the map as of then', async () => {
    const now = await portledger('viewer', 'map', '--mac', '52-54-00-00-00-66');
    expect(now).toMatchObject({ code: 0, err: '' });
    expect(now.out).toMatch(/^Map as of now, known up to #\d+\n\nSERVER .*\nsrv-b .* 198\.51\.100\.16\n$/);
    const audited = await portledger('auditor', 'audit', 'at', '2026-01-01T08:30:00Z');
    expect(audited.out).toMatch(/^Map as of 2026-01-01T08:30:00Z, known up to #\d+\n\nSERVER .*\nsrv-a [^\n]* -\n$/);
    const then = await portledger('viewer', 'map', '--at', '2026-01-03T03:14:00Z', '--ip', '198.51.100.16');
    expect(then.out).toMatch(/\nsrv-a .* 198\.51\.100\.16\n$/);
  });

  it('tells what a device should have had, the same through the engine and from its data directory', async () => {
    const words = ['audit', 'at', '2026-01-03T03:14:00Z', '--device', 'leaf1'];
    const logSays = await portledger(undefined, ...words, '--offline', engine.dataDir);
    const engineSays = await portledger('auditor', ...words);
    expect(engineSays.out).toContain('\nDesired on leaf1:\nneighbour 198.51.100.16 vlan16 ');
    expect(logSays.out).toBe(engineSays.out);
  });

  it('tells of an address that carries an IPv4 source who had that, the same from the data directory', async () => {
    const words = ['audit', 'who-had', '2001:db8:64::c633:6410:1f90', '--at', '2026-01-03T03:14:00Z'];
    const offline = ['--offline', engine.dataDir, '--source-embedding', '2001:db8:64::/80'];
    const logSays = await portledger(undefined, ...words, ...offline);
    const engineSays = await portledger('auditor', ...words);
    expect(engineSays.out).toMatch(/carries 198\.51\.100\.16, port 8080\.\n\n[^]*\n2026-01-01T09:00:00Z .* srv-a /);
    expect(logSays.out).toBe(engineSays.out);
    const { out } = await portledger('auditor', 'audit', 'access');
    expect(out).toMatch(/who-had .*2001:db8:64::c633:6410:1f90.* 1\b/);
  });

  it('ends with 3 for the unknown, 1 for a token without the scope, 7 where no engine answers', async () => {
    expect((await portledger('auditor', 'audit', 'explain', 'srv-x')).code).toBe(3);
    expect((await portledger('viewer', 'audit', 'at')).code).toBe(1);
    const dead = await portledger('auditor', 'audit', 'at', '--url', 'http://127.0.0.1:9');
    expect([dead.code, dead.err]).toEqual([7, expect.stringContaining('does not answer')]);
  });

  it('says when there is no log in the data directory', async () => {
    const { code, err } = await portledger(undefined, 'map', '--offline', join(folder, 'elsewhere'));
    expect([code, err]).toEqual([1, expect.stringContaining('There is no log at')]);
  });
});
