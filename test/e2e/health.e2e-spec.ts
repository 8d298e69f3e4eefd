import { rmSync } from 'node:fs';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { type Answer, RunningEngine } from './running-engine.js';

let engine: RunningEngine;
beforeEach(async () => {
  engine = await RunningEngine.start();
});
afterEach(() => engine.stop());

const ready = (): Promise<Answer> => engine.call('/readyz');
const check = (answer: Answer, name: string): Record<string, unknown> | undefined =>
  (answer.body['checks'] as Record<string, unknown>[]).find((one) => one['name'] === name);

async function untilStatus(status: string): Promise<Answer> {
  let answer = await ready();
  for (let round = 0; round < 600 && answer.body['status'] !== status; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    answer = await ready();
  }
  return answer;
}

describe('health', () => {
  it('is answered without a token, each check with its detail and age', async () => {
    expect(await engine.call('/livez')).toMatchObject({ status: 200, body: { status: 'alive' } });
    const answer = await untilStatus('ready');
    expect(answer).toMatchObject({ status: 200, body: { status: 'ready', alerts: [] } });
    expect(check(answer, 'projector')).toEqual({
      name: 'projector',
      ok: true,
      detail: expect.any(String) as string,
      ageSeconds: expect.any(Number) as number,
    });
  });

  it('is degraded while a stream is frozen, with an alert, and recovers when the event is skipped', async () => {
    const metadata = { source: 'test', sourceId: '1', schemaVersion: 1, time: '2026-03-01T00:00:00.000Z' };
    const append = (id: string, type: string, data: object) =>
      engine.parts.store.append({ stream: 'server-x', expected: 'any', events: [{ id, type, data, metadata }] });
    const parked = '00000000-0000-4000-8000-000000000001';
    await append(parked, 'ServerAdded', { serverId: 'x' });
    const frozen = await untilStatus('degraded');
    expect(frozen).toMatchObject({ status: 200, body: { alerts: [{ code: 'stream-frozen', key: 'server-x' }] } });
    expect(check(frozen, 'streams')).toMatchObject({
      degraded: true,
      detail: expect.stringContaining('server-x') as string,
    });
    const alertLines = engine.logLines.filter((line) => line.includes('stream-frozen'));
    expect(alertLines).toHaveLength(1);
    await append('00000000-0000-4000-8000-000000000002', 'EventSkipped', { eventId: parked, reason: 'test' });
    expect(await untilStatus('ready')).toMatchObject({ body: { alerts: [] } });
  });

  it('answers a fact of a frozen stream as held', async () => {
    const metadata = { source: 'test', sourceId: '1', schemaVersion: 1, time: '2026-03-01T00:00:00.000Z' };
    const event = { id: '00000000-0000-4000-8000-000000000001', type: 'ServerAdded', data: {}, metadata };
    await engine.parts.store.append({ stream: 'server-srv-16', expected: 'any', events: [event] });
    expect(await engine.publish(exampleEvent('ServerAdded'))).toMatchObject({ status: 201, body: { effect: 'held' } });
  });

  it('says that nobody can be let in while the tokens file is gone', async () => {
    rmSync(engine.tokensFile);
    const answer = await untilStatus('degraded');
    expect(check(answer, 'tokens')).toMatchObject({
      degraded: true,
      detail: expect.stringContaining('token new') as string,
    });
  });

  it('is not ready, and takes nothing, once the log is closed', async () => {
    await engine.parts.store.close();
    const answer = await untilStatus('not-ready');
    expect(answer.status).toBe(503);
    const refused = await engine.publish(exampleEvent('ServerAdded'));
    expect(refused).toMatchObject({ status: 503, body: { type: 'https://portledger.dev/problems/store-unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await engine.call('/livez')).status).toBe(200);
  });
});
