import { exampleEvent } from '../../src/intake/event-examples.js';
import { type Answer, RunningEngine } from '../e2e/running-engine.js';

let engine: RunningEngine;

beforeAll(async () => {
  engine = await RunningEngine.start();
  await publish('srv-1');
});
afterAll(() => engine.stop());

const publish = (serverId: string): Promise<Answer> =>
  engine.publish(exampleEvent('ServerSuspended', { id: serverId, subject: serverId, data: { serverId } }));
const get = (path: string, as: 'auditor' | 'every' = 'auditor'): Promise<Answer> =>
  engine.call(path, { headers: { authorization: `Bearer ${engine.tokens[as]}` } });

async function recorded(): Promise<Record<string, unknown>[]> {
  const { events } = await engine.parts.store.readStream('audit-reads');
  return events.map(({ data }) => data as Record<string, unknown>);
}

describe('a read of the audit', () => {
  it.each([
    ['/v1/audit/at?at=2026-01-01T00:00:00Z', 200, { at: '2026-01-01T00:00:00Z', outcome: 'answered', results: 0 }],
    ['/v1/audit/who-had?subject=203.0.113.9', 404, { question: 'subject=203.0.113.9', outcome: 'not-found' }],
    ['/v1/audit/explain?subject=srv-1&knownAt=%230', 200, { question: 'subject=srv-1', knownAt: '#0', results: 1 }],
    ['/v1/audit/diff?from=%230&to=%230', 200, { question: 'from=#0 to=#0', results: 0 }],
    ['/v1/audit/step?to=%230', 200, { question: 'to=#0', results: 1 }],
    ['/v1/audit/explain?sbject=x', 400, { question: 'sbject=x', outcome: 'refused' }],
    ['/v1/audit/access?who=nobody', 200, { question: 'who=nobody', results: 0 }],
    ['/v1/audit/tree/proof?ordinal=0', 200, { question: 'ordinal=0', results: 1 }],
    ['/v1/audit/tree/consistency?from=1', 200, { question: 'from=1' }],
    ['/v1/log?limit=1', 200, { question: 'limit=1', results: 1, follows: false }],
    ['/v1/log/stats', 200, { outcome: 'answered' }],
    ['/v1/map?at=2026-01-01T00:00:00Z', 200, { at: '2026-01-01T00:00:00Z' }],
    ['/v1/violations/v-1/evidence', 404, { question: 'violationId=v-1', outcome: 'not-found' }],
  ])('of %s is stored when its answer (%d) arrives, with who asked what', async (path, status, expected) => {
    const before = await recorded();
    const as = path.startsWith('/v1/map') ? 'every' : 'auditor';
    expect((await get(path, as)).status).toBe(status);
    const after = await recorded();
    expect(after).toHaveLength(before.length + 1);
    const route = `GET ${path.split('?')[0]?.replace('v-1', ':violationId')}`;
    const roles: unknown = as === 'auditor' ? ['auditor'] : expect.arrayContaining(['auditor', 'viewer']);
    expect(after.at(-1)).toMatchObject({ by: `token:${as}`, roles, route, ...expected });
    expect(after.at(-1)).toMatchObject({
      callerId: engine.tokens[as].split('_')[1],
      millis: expect.any(Number) as number,
    });
  });

  it.each(['/v1/map', '/v1/violations', '/v1/log/head', '/v1/audit/tree'])(
    'is not what %s is: it shows what is, or hashes, and stores nothing',
    async (path) => {
      const before = await recorded();
      expect((await get(path, 'every')).status).toBe(200);
      expect(await recorded()).toEqual(before);
    },
  );

  it('keeps what a stranger wrote short and on one line', async () => {
    await get(`/v1/audit/explain?subject=${'x'.repeat(900)}`);
    await get(`/v1/audit/explain?subject=${encodeURIComponent('a\n\u001b[2J\u202eb')}`);
    const [long, forged] = (await recorded()).slice(-2);
    expect((long?.['question'] as string).length).toBe(500);
    expect(forged?.['question']).toBe('subject=a\ufffd\ufffd[2J\ufffdb');
    const { body } = await get('/v1/log?stream=audit-reads&limit=500');
    expect((body['events'] as object[]).filter((event) => 'unreadable' in event)).toEqual([]);
  });
});

describe('a follower of the log', () => {
  it('is recorded where it is handed something, and does not feed itself or another follower', async () => {
    const last = async (): Promise<string> => (await engine.parts.store.head())?.id ?? '';
    const places = [await last(), await last()];
    const poll = async (index: number): Promise<object[]> => {
      const { body } = await get(`/v1/log?wait=1&after=${places[index]}`);
      places[index] = (body['last'] as string | undefined) ?? places[index] ?? '';
      return body['events'] as object[];
    };
    const before = (await recorded()).length;
    await publish('srv-2');
    const seen: object[][] = [[], []];
    for (const index of [0, 1]) {
      for (let events = await poll(index); events.length > 0; events = await poll(index)) seen[index]?.push(...events);
    }
    for (const index of [0, 1]) for (const event of await poll(index)) seen[index]?.push(event);
    const types = seen.map((events) => events.map((event) => (event as { type: string }).type));
    // Both miss nothing: the fact, and the record of each other's look.
    expect(types).toEqual([
      ['ServerSuspended', 'AuditRead', 'AuditRead'],
      ['ServerSuspended', 'AuditRead', 'AuditRead'],
    ]);
    expect((await recorded()).slice(before)).toMatchObject([{ follows: true }, { follows: true }]);
  });

  it('cannot read the other reads unseen by waiting for them', async () => {
    const { events } = await engine.parts.store.readStream('audit-reads', { limit: 1 });
    const before = await recorded();
    await get(`/v1/log?stream=audit-reads&wait=1&after=${events[0]?.id ?? ''}`);
    expect(await recorded()).toHaveLength(before.length + 1);
  });
});

describe('GET /v1/audit/access', () => {
  it('tells who read what, by name, id and time, page by page', async () => {
    await get('/v1/map?at=2026-01-01T00:00:00Z', 'every');
    const named = await get('/v1/audit/access?who=every');
    const reads = named.body['reads'] as { by: string; recordedAt: string }[];
    expect(new Set(reads.map(({ by }) => by))).toEqual(new Set(['token:every']));
    const byId = await get(`/v1/audit/access?who=${engine.tokens.every.split('_')[1]}`);
    expect(byId.body['reads']).toEqual(reads);
    const last = reads.at(-1)?.recordedAt ?? '';
    const upTo = await get(`/v1/audit/access?who=token:every&between=..${last}`);
    expect(upTo.body['reads']).toEqual(reads);
    expect((await get('/v1/audit/access?between=2020-01-01T00:00:00Z..2020-01-02T00:00:00Z')).body['reads']).toEqual(
      [],
    );
    const first = await get('/v1/audit/access?limit=1');
    const second = await get(`/v1/audit/access?limit=1&after=${String(first.body['next'])}`);
    const both = await get('/v1/audit/access?limit=2');
    expect([...(first.body['reads'] as object[]), ...(second.body['reads'] as object[])]).toEqual(both.body['reads']);
  });

  it.each(['between=yesterday', 'between=..', 'between=a..b', 'limit=0', 'who=', 'after=x', 'whom=x'])(
    'refuses %s',
    async (question) => expect((await get(`/v1/audit/access?${question}`)).status).toBe(400),
  );
});
