import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TokenScope } from '../../src/auth/principal.js';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { writeTokens } from '../../src/auth/tokens-file.js';
import { runCli } from '../../src/cli/run-cli.js';
import { verbs } from '../../src/cli/verbs.js';
import { AppConfig } from '../../src/config/app-config.js';
import { type Engine, startEngine } from '../../src/main.js';
import { Log } from '../../src/ops/log.js';
import type { Ran } from './ran.js';

const folder = mkdtempSync(join(tmpdir(), 'portledger-audit-'));
const tokens = {
  billing: makeToken(['publisher', 'operator', 'link-source']),
  viewer: makeToken(['viewer']),
  auditor: makeToken(['auditor']),
};
const tokenFile = (name: keyof typeof tokens): string => join(folder, `${name}.token`);
let engine: Engine;

function makeToken(scopes: TokenScope[]): {
  readonly text: string;
  readonly record: Parameters<typeof writeTokens>[1][0];
} {
  const token = newToken();
  const record = {
    ...{ id: token.id, name: scopes.join(), sha256: secretHash(token.secret).toString('hex'), scopes },
    ...{ source: 'urn:test', createdAt: '2026-01-01T00:00:00Z' },
  };
  return { text: formatToken(token), record };
}

async function publish(type: string, data: { serverId: string }, time: string): Promise<void> {
  const id = `${type}-${time}-${data.serverId}`;
  const event = { specversion: '1.0', type, source: 'urn:test', id, subject: data.serverId, time, data };
  const response = await fetch(`${engine.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.billing.text}`, 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(event),
  });
  expect([response.status, await response.text()]).toEqual([201, expect.anything()]);
}

async function get(path: string, as: keyof typeof tokens): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(engine.url + path, { headers: { authorization: `Bearer ${tokens[as].text}` } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function portledger(as: keyof typeof tokens | undefined, ...words: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const env = as === undefined ? {} : { PORTLEDGER_URL: engine.url, PORTLEDGER_TOKEN_FILE: tokenFile(as) };
  const io = {
    ...{ out: (text: string) => void (out += text), err: (text: string) => void (err += text) },
    ...{ errIsTerminal: false, env, stdin: process.stdin },
  };
  return { code: await runCli(verbs, words, io), out, err };
}

beforeAll(async () => {
  const config = new AppConfig();
  config.dataDir = join(folder, 'data');
  config.tokensFile = join(folder, 'tokens.json');
  config.listen.port = 0;
  writeTokens(
    config.tokensFile,
    Object.values(tokens).map((one) => one.record),
  );
  for (const [name, { text }] of Object.entries(tokens)) writeFileSync(join(folder, `${name}.token`), `${text}\n`);
  engine = await startEngine(config, new Log('json', () => {}));
  const a = { serverId: 'srv-a' };
  const b = { serverId: 'srv-b' };
  const place = { customerId: 'cust-a', port: 'leaf1:Ethernet16', vlan: 16, mac: '52:54:00:00:00:16' };
  const other = { customerId: 'cust-b', port: 'leaf1:Ethernet66', vlan: 66, mac: '52:54:00:00:00:66' };
  await publish('ServerAdded', { ...a, ...place }, '2026-01-01T08:00:00Z');
  await publish(
    'Ipv4AddOnBought',
    { ...a, addOnId: 'ip-1', address: '198.51.100.16' } as never,
    '2026-01-01T09:00:00Z',
  );
  await publish('ServerAdded', { ...b, ...other }, '2026-01-01T10:00:00Z');
  await publish('Ipv4AddOnCancelled', { ...a, addOnId: 'ip-1' } as never, '2026-01-05T00:00:00Z');
  await publish(
    'Ipv4AddOnBought',
    { ...b, addOnId: 'ip-9', address: '198.51.100.16' } as never,
    '2026-01-06T00:00:00Z',
  );
});

afterAll(async () => {
  await engine.close();
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
    ['/v1/audit/explain', 'auditor', 400, 'question-malformed'],
  ] as const)('answers %s to a %s with a %d problem', async (path, as, status, code) => {
    const answer = await get(path, as);
    expect(answer).toMatchObject({ status, body: { type: `https://portledger.dev/problems/${code}`, status } });
  });

  it.each(['at', 'who-had?subject=198.51.100.16', 'explain?subject=srv-a'])(
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
    ['explain', 'leaf1:Ethernet66', '--at', '2026-01-03T03:14:00Z', '--json'],
  ])('answers %s %s the same through the engine and from its data directory beside it', async (...words) => {
    const engineSays = await portledger('auditor', 'audit', ...words);
    const logSays = await portledger(undefined, 'audit', ...words, '--data', join(folder, 'data'));
    expect(engineSays).toMatchObject({ code: 0, err: '' });
    expect(engineSays.out).toContain('srv-');
    expect(logSays.out).toBe(engineSays.out);
    expect(logSays.err).toContain('no engine is asked');
  });

  it('shows the map of the engine and the map as of then', async () => {
    const now = await portledger('viewer', 'map', '--mac', '52-54-00-00-00-66');
    expect(now).toMatchObject({ code: 0, err: '' });
    expect(now.out).toMatch(/^Map as of now, known up to #4\n\nSERVER .*\nsrv-b .* 198\.51\.100\.16\n$/);
    const then = await portledger('viewer', 'map', '--at', '2026-01-03T03:14:00Z', '--ip', '198.51.100.16');
    expect(then.out).toMatch(/\nsrv-a .* 198\.51\.100\.16\n$/);
  });

  it('ends with 3 for the unknown, 1 for a token without the scope, 7 where no engine answers', async () => {
    expect((await portledger('auditor', 'audit', 'explain', 'srv-x')).code).toBe(3);
    expect((await portledger('viewer', 'audit', 'explain', 'srv-a')).code).toBe(1);
    const dead = await portledger('auditor', 'audit', 'at', '--url', 'http://127.0.0.1:9');
    expect([dead.code, dead.err]).toEqual([7, expect.stringContaining('does not answer')]);
  });

  it('answers from the data directory when the engine is gone, and says when there is no log', async () => {
    const { code, err } = await portledger(undefined, 'map', '--data', join(folder, 'elsewhere'));
    expect([code, err]).toEqual([1, expect.stringContaining('There is no log at')]);
  });
});
