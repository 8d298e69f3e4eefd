import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { storeFacts } from '../support/publish.js';

const many = 3_000;

describe('GET /v1/map of a customer', () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await RunningEngine.start();
    const { store, projector } = engine.parts;
    const facts = Array.from({ length: many }, (_, n) => ({
      type: 'ServerAdded' as const,
      data: {
        ...{ serverId: `srv-${n}`, customerId: n % 1000 === 0 ? 'few' : 'few-more' },
        ...{ port: `leaf${n % 50}:Ethernet${n}`, vlan: 2 },
      },
    }));
    await storeFacts(store, facts);
    await until(() => projector.liveMap.live && projector.liveMap.ordinal >= many - 1);
  });
  afterAll(() => engine.stop());

  const servers = async (query: string): Promise<string[]> => {
    const headers = { authorization: `Bearer ${engine.tokens.viewer}` };
    const { body } = await engine.call(`/v1/map?limit=500&${query}`, { headers });
    return (body['bindings'] as { readonly serverId: string }[]).map(({ serverId }) => serverId);
  };

  it('looks at the servers of that customer and at no other, also where another name begins so', async () => {
    const { assignments } = engine.parts.projector.liveMap.map;
    expect(await servers('customer=few')).toEqual(['srv-0', 'srv-1000', 'srv-2000']);
    let [walks, looks] = [0, 0];
    const get = assignments.get.bind(assignments);
    const values = assignments.values.bind(assignments);
    assignments.get = (key) => (looks++, get(key));
    assignments.values = () => (walks++, values());
    // The index may still be made when somebody asks for the first time, and other rooms look at the map too.
    await until(async () => {
      [walks, looks] = [0, 0];
      const found = await servers('customer=few');
      expect(found).toEqual(['srv-0', 'srv-1000', 'srv-2000']);
      return walks === 0 && looks < 50;
    });
  });

  it('goes on page by page as without an index', async () => {
    const { body } = await engine.call('/v1/map?customer=few-more&limit=2', {
      headers: { authorization: `Bearer ${engine.tokens.viewer}` },
    });
    expect(body['next']).toBe('srv-10');
    expect(await servers('customer=few&cursor=srv-0')).toEqual(['srv-1000', 'srv-2000']);
    expect(await servers('customer=few&server=srv-1')).toEqual([]);
  });
});
