import { portledger, speakingTo } from '../cli/said.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { storeFact } from '../support/publish.js';

describe('the overview', () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await RunningEngine.start();
    const { store, projector } = engine.parts;
    for (const number of [16, 17])
      await storeFact(store, 'ServerAdded', {
        serverId: `s${number}`,
        customerId: 'c1',
        port: `leaf1:Ethernet${number}`,
        vlan: number,
        mac: `52:54:00:00:00:${number}`,
      });
    const last = await storeFact(store, 'MacSeen', { port: 'leaf1:Ethernet16', vlan: 16, mac: '52:54:00:00:00:16' });
    await until(() => Promise.resolve(projector.liveMap.live && projector.liveMap.ordinal >= last));
  });
  afterAll(() => engine.stop());

  const ask = (path: string) => engine.call(path, { headers: { authorization: `Bearer ${engine.tokens.every}` } });

  it('counts what is billed, seen and pushed, and lists each difference page by page', async () => {
    let answer = await ask('/v1/overview');
    await until(async () => (answer = await ask('/v1/overview')).body['counts'] !== undefined);
    expect(answer.body).toMatchObject({
      live: true,
      counts: {
        billed: 2,
        seen: 1,
        pushed: 0,
        differences: { 'billed-not-seen': 1, 'seen-not-billed': 0, 'billed-not-pushed': 2, 'pushed-not-billed': 0 },
      },
    });
    const first = await ask('/v1/overview/billed-not-pushed?limit=1');
    expect(first.body).toMatchObject({
      total: 2,
      servers: [{ serverId: 's16', why: 'no device of leaf1 is configured' }],
    });
    const second = await ask(`/v1/overview/billed-not-pushed?limit=1&cursor=${String(first.body['next'])}`);
    expect(second.body).toMatchObject({ servers: [{ serverId: 's17' }] });
    expect(second.body['next']).toBeUndefined();
  });

  it.each([
    ['/v1/overview/nothing', 404],
    ['/v1/overview/billed-not-seen?limit=0', 400],
    ['/v1/overview/billed-not-seen?limit=501', 400],
    ['/v1/overview/billed-not-seen?cursor=x', 400],
  ])('refuses %s', async (path, status) => expect((await ask(path)).status).toBe(status));

  it('is told on the command line, and as JSON', async () => {
    const speaking = speakingTo(engine, engine.tokens.every);
    const { code, out } = await portledger(['overview'], speaking);
    expect(code).toBe(0);
    expect(out).toMatch(/BILLED {2}SEEN {2}PUSHED\n2 {7}1 {5}0\n/);
    const list = await portledger(['overview', 'billed-not-seen', '--json'], speaking);
    expect(JSON.parse(list.out)).toMatchObject({ serverId: 's17', why: 'nothing was seen on its port' });
    expect((await portledger(['overview', 'nothing'], speaking)).code).toBe(2);
  });
});
