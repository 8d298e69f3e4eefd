import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { ServerNode } from '../support/eventstoredb/node.js';
import { ServerLog } from '../support/eventstoredb/server-log.js';
import { type Answer, RunningEngine } from './running-engine.js';

// The whole engine on EventStoreDB, as its protocol double serves it: nothing else than the configuration differs.

let log: ServerLog;
let node: ServerNode;
let engine: RunningEngine;
beforeAll(async () => {
  log = new ServerLog();
  log.addNoise(5);
  node = await new ServerNode(log).start();
  const settings = { eventStore: node.url, eventStoreHeartbeatMs: 300, eventStoreDeadlineMs: 1000 };
  engine = await RunningEngine.start(undefined, { settings });
});
afterAll(async () => {
  await engine.stop();
  node.stop();
});

async function untilReady(status: number): Promise<Answer> {
  let answer = await engine.call('/readyz');
  for (let round = 0; round < 600 && answer.status !== status; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    answer = await engine.call('/readyz');
  }
  return answer;
}

const added = (server: string, vlan: number, id = `add-${server}`): Record<string, unknown> =>
  exampleEvent('ServerAdded', {
    ...{ id, subject: server, time: '2026-03-01T00:00:00Z' },
    data: { serverId: server, customerId: 'c1', port: `leaf1:e${vlan}`, vlan, mac: '52:54:00:00:00:16' },
  });
const ours = (): string[] =>
  log.all.filter(({ stream }) => stream.startsWith('portledger.')).map(({ stream, type }) => `${stream} ${type}`);

describe('an engine on EventStoreDB', () => {
  it('answers a publisher as on the embedded store, and the same after a restart without its index', async () => {
    expect((await untilReady(200)).body['status']).toBe('ready');
    const first = await engine.publish(added('one', 101));
    expect(first).toMatchObject({ status: 201, body: { effect: 'applied', conflicts: [] } });
    const batch = [added('two', 102), added('three', 103), added('one', 101)];
    const answered = await engine.publish(batch);
    const statuses = (answer: Answer): unknown[] =>
      (answer.body['results'] as Record<string, unknown>[]).map(({ status }) => status);
    expect(statuses(answered)).toEqual([201, 201, 201]);
    const reused = await engine.publish(added('one', 104));
    expect(reused).toMatchObject({ status: 409, body: { type: 'https://portledger.dev/problems/id-reused' } });
    const stored = ours();
    expect(stored).toEqual(['one', 'two', 'three'].map((server) => `portledger.server-${server} ServerAdded`));

    await engine.restart(() => {
      expect(existsSync(join(engine.dataDir, 'index.db'))).toBe(true);
      rmSync(join(engine.dataDir, 'index.db'));
    });
    await untilReady(200);
    expect((await engine.publish(added('one', 101))).body).toEqual(first.body);
    expect((await engine.publish(batch)).body).toEqual(answered.body);
    expect((await engine.publish(added('one', 104))).status).toBe(409);
    expect(ours()).toEqual(stored);
  });

  it('is not ready while the log makes no progress, and takes events again when it does', async () => {
    await untilReady(200);
    node.faults.on('silent');
    const stalled = await untilReady(503);
    expect(stalled.status).toBe(503);
    const checks = stalled.body['checks'] as Record<string, unknown>[];
    expect(checks.find(({ name }) => name === 'store')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('no progress') as string,
    });
    const refused = await engine.publish(added('late', 105));
    expect(refused).toMatchObject({ status: 503, body: { type: 'https://portledger.dev/problems/store-unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('5');
    node.faults.off();
    expect((await untilReady(200)).status).toBe(200);
    expect((await engine.publish(added('late', 105))).status).toBe(201);
  });
});
