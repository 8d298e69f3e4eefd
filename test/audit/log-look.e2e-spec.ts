import { generateLog } from '../bench/generated-log.js';
import { type Answer, RunningEngine } from '../e2e/running-engine.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
  await generateLog(engine.parts.store, { events: 1200, servers: 20 });
});
afterAll(() => engine.stop());

const get = (path: string, as: keyof RunningEngine['tokens'] = 'auditor'): Promise<Answer> =>
  engine.call(path, { headers: { authorization: `Bearer ${engine.tokens[as]}` } });
const file = async (query: string): Promise<Response> =>
  fetch(`${engine.url}/v1/log/export?${query}`, { headers: { authorization: `Bearer ${engine.tokens.auditor}` } });

describe('the log looked at over HTTP', () => {
  it('exports exactly the events that the list shows with the same filter', async () => {
    const filters = [
      'beginning=server-&notType=ServerAdded',
      'type=LinkUp,LinkDown&backwards=true',
      'stream=server-srv-1',
    ];
    for (const filter of filters) {
      const listed: unknown[] = [];
      for (let after = ''; ;) {
        const { body } = await get(`/v1/log?limit=100&${filter}${after}`);
        listed.push(...(body['events'] as unknown[]));
        if (body['next'] === undefined) break;
        after = `&after=${body['next'] as string}`;
      }
      const answer = await file(filter);
      expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
      const lines = (await answer.text()).split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.length).toBeGreaterThan(5);
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(listed);
    }
  });

  it('records who exported what', async () => {
    await (await file('type=ServerAdded')).text();
    const { body } = await get('/v1/log?type=AuditRead&backwards=true&limit=5');
    expect(body['events']).toContainEqual(
      expect.objectContaining({
        data: expect.objectContaining({
          route: 'GET /v1/log/export',
          outcome: 'answered',
          question: 'type=ServerAdded',
        }) as unknown,
      }),
    );
  });

  it('counts the whole log, by time, kind, type and beginning of its streams', async () => {
    const { body } = await get('/v1/log/density?buckets=40');
    const { size, counted, buckets } = body as unknown as {
      size: number;
      counted: number;
      buckets: { events: number }[];
    };
    expect(counted).toBe(size);
    expect(size).toBeGreaterThanOrEqual(1200);
    expect(buckets.reduce((sum, { events }) => sum + events, 0)).toBe(size);
  });

  it('shows one event with what it led to', async () => {
    const { body } = await get('/v1/log/event?ordinal=3');
    expect(body).toMatchObject({ event: { ordinal: 3 }, causes: [] });
    expect((await get('/v1/log/health')).body).toMatchObject({ ok: true });
  });

  it.each([
    ['/v1/log/event?ordinal=999999', 404, 'event-unknown'],
    ['/v1/log/event', 400, 'question-malformed'],
    ['/v1/log/density?buckets=0', 400, 'question-malformed'],
    ['/v1/log/export?after=x', 400, 'question-malformed'],
    ['/v1/log/export?recorded=x', 400, 'question-malformed'],
  ])('answers %s with %i', async (path, status, code) => {
    expect(await get(path)).toMatchObject({ status, body: { type: `https://portledger.dev/problems/${code}` } });
  });
});
