import { exampleEvent, type PublishedType } from '../../../src/intake/event-examples.js';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { RunningEngine } from '../../e2e/running-engine.js';

const places = { s16: 16, s17: 17, s18: 18 } as const;
const macOf = (serverId: keyof typeof places): string => `52:54:00:00:00:${places[serverId]}`;

describe.each(['server', 'mac'] as const)('pairs by policy "%s"', (pairing) => {
  let engine: RunningEngine;
  let nextId = 0;
  const publish = async (type: PublishedType, data: Record<string, unknown>): Promise<void> => {
    const subject = data['serverId'];
    const event = exampleEvent(type, { id: `fact-${nextId++}`, subject, time: '2026-01-01T00:00:00Z', data });
    expect((await engine.publish(event)).status).toBe(201);
  };
  const ask = (query: string, token = engine.tokens.viewer) =>
    engine.call(`/v1/pairs${query}`, { headers: { authorization: `Bearer ${token}` } });
  const pairsOf = async (query: string) => (await ask(query)).body['pairs'] as Record<string, unknown>[];
  const say = (...words: string[]): Promise<Said> => portledger(words, speakingTo(engine, engine.tokens.viewer));

  beforeAll(async () => {
    engine = await RunningEngine.start(undefined, { settings: { addresses: { pairing } } });
    for (const serverId of ['s16', 's17', 's18'] as const) {
      const place = { port: `leaf1:Ethernet${places[serverId]}`, vlan: places[serverId] };
      const mac = serverId === 's18' ? {} : { mac: macOf(serverId) };
      await publish('ServerAdded', { serverId, customerId: 'c1', ...place, ...mac });
      await publish('Ipv6PrefixAssigned', { serverId, prefix: `2001:db8:${places[serverId]}::/48` });
    }
    await publish('Ipv4AddOnBought', { serverId: 's16', addOnId: 'a', address: '198.51.100.16' });
  });
  afterAll(() => engine.stop());

  const ipv6 = { server: '2001:db8:16::c633:6410', mac: '2001:db8:16:0:5054:ff:fe00:16' }[pairing];
  const pair16 = {
    ...{ serverId: 's16', state: 'active', mac: macOf('s16'), ipv4: '198.51.100.16', ipv6 },
    ...{ prefix: '2001:db8:16::/48', withheld: [] },
  };

  it.each(['mac=5254.0000.0016', 'ip=198.51.100.16', `ip=${ipv6}`, 'server=s16', 'port=leaf1:Ethernet16'])(
    'are answered by %s',
    async (query) => expect((await ask(`?${query}`)).body).toMatchObject({ pairing, live: true, pairs: [pair16] }),
  );

  it('come page by page', async () => {
    const first = (await ask('?limit=1&customer=c1')).body;
    expect(first).toMatchObject({ pairs: [pair16], next: 's16' });
    expect(await pairsOf('?customer=c1&cursor=s16')).toMatchObject([{ serverId: 's17' }, { serverId: 's18' }]);
  });

  it('say of a server without one why it has none', async () => {
    const reason = 'its MAC is not known yet';
    expect(await pairsOf('?server=s18')).toEqual([
      { serverId: 's18', state: 'pending', withheld: [{ what: 'server', reason }] },
    ]);
    await publish('ServerRemoved', { serverId: 's17' });
    expect(await pairsOf('?server=s17')).toEqual([
      { serverId: 's17', state: 'removed', withheld: [{ what: 'server', reason: 'billing removed it' }] },
    ]);
  });

  it('are of now alone, and for those who may see the map', async () => {
    const { status, body } = await ask('?at=2026-01-01T00:00:00Z');
    expect(status).toBe(400);
    expect(body).toMatchObject({ detail: expect.stringContaining('at: no such field') as string });
    expect((await ask('?macc=1')).status).toBe(400);
    expect((await ask('', engine.tokens.publisher)).status).toBe(403);
  });

  it('are shown on the command line', async () => {
    const { code, out } = await say('pair', '52-54-00-00-00-16');
    expect(code).toBe(0);
    expect(out).toContain(`by policy "${pairing}"`);
    for (const text of [macOf('s16'), 's16', '198.51.100.16', ipv6]) expect(out).toContain(text);
    expect((await say('pair', 's18')).out).toContain('server: its MAC is not known yet');
    const asJson = await say('pair', ipv6, '--json');
    expect(JSON.parse(asJson.out)).toMatchObject({ pairing, pairs: [pair16] });
  });

  it.each([
    ['nobody has the address', ['pair', '192.0.2.1'], 3],
    ['nothing is asked about', ['pair'], 2],
    ['more than one is asked about', ['pair', 's16', 's17'], 2],
    ['the word can be none of the three', ['pair', 'a server'], 2],
  ])('end on the command line where %s', async (_case, words, code) => expect((await say(...words)).code).toBe(code));
});
