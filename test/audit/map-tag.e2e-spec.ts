import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { storeFacts } from '../support/publish.js';

describe('GET /v1/map with the tag of the answer before', () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await RunningEngine.start();
  });
  afterAll(() => engine.stop());

  async function sell(n: number): Promise<void> {
    const data = { serverId: `srv-${n}`, customerId: 'c1', port: `leaf1:Ethernet${n}`, vlan: n };
    await storeFacts(engine.parts.store, [{ type: 'ServerAdded', data }]);
    await until(() => engine.parts.projector.liveMap.map.assignments.get(data.serverId) !== undefined);
  }

  const ask = (query: string, tag?: string): Promise<Response> =>
    fetch(`${engine.url}/v1/map${query}`, {
      headers: { authorization: `Bearer ${engine.tokens.every}`, ...(tag !== undefined && { 'if-none-match': tag }) },
    });

  it('says 304 and nothing else until something is stored, and then what is so', async () => {
    await sell(1);
    const first = await ask('');
    const tag = first.headers.get('etag') ?? '';
    expect([first.status, await first.json()]).toMatchObject([200, { bindings: [{ serverId: 'srv-1' }] }]);
    const again = await ask('', tag);
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
    await sell(2);
    const after = await ask('', tag);
    expect([after.status, await after.json()]).toMatchObject([
      200,
      { bindings: [{ serverId: 'srv-1' }, { serverId: 'srv-2' }] },
    ]);
    expect((await ask('', after.headers.get('etag') ?? '')).status).toBe(304);
  });

  it('answers a read of the past whenever it is asked: each is written down', async () => {
    const past = await ask('?knownAt=%230');
    expect([past.status, past.headers.get('etag')]).toEqual([200, null]);
    expect((await ask('?knownAt=%230', '*')).status).toBe(200);
  });
});
