import { type Fact, PortledgerClient, QuestionRefusedError } from '../../src/client/index.js';
import { exampleEvent, eventExamples } from '../../src/intake/event-examples.js';
import { publishedTypes } from '../../src/client/fact.js';
import { RunningEngine, source } from '../e2e/running-engine.js';

let engine: RunningEngine;
let client: PortledgerClient;
const time = '2026-01-01T00:00:00Z';
const added = (server: number, more: object = {}): Fact => ({
  type: 'ServerAdded',
  id: `added-${server}`,
  time,
  data: {
    serverId: `s${server}`,
    customerId: 'c1',
    port: `leaf1:Ethernet${server}`,
    vlan: server,
    mac: `52:54:00:00:00:${server}`,
    ...more,
  },
});
const bought = (server: number, address: string): Fact => ({
  type: 'Ipv4AddOnBought',
  id: `bought-${server}`,
  time,
  data: { serverId: `s${server}`, addOnId: 'ip-1', address },
});

beforeEach(async () => {
  engine = await RunningEngine.start();
  client = new PortledgerClient({ url: engine.url, token: engine.tokens.every, source });
});
afterEach(async () => {
  await client.close();
  await engine.stop();
});

describe('a client of a running engine', () => {
  it('publishes every type that may be published from outside', async () => {
    for (const type of Object.keys(publishedTypes) as (keyof typeof publishedTypes)[]) {
      const { data, time: when } = exampleEvent(type) as { data: never; time: string };
      // More types than the compiler tells apart in one go.
      const outcome = await client.publish({ type, data, id: `example-${type}`, time: when } as Fact);
      expect({ type, outcome }).toMatchObject({ type, outcome: { stored: true, id: `example-${type}` } });
    }
    expect(Object.keys(eventExamples)).toEqual(expect.arrayContaining(Object.keys(publishedTypes)));
  });

  it('is told where a fact stands, what it means, who holds what it claims, and the same when it tells it again', async () => {
    await client.publish(added(10));
    await client.publish(bought(10, '198.51.100.10'));
    await client.publish(added(11));
    const [last] = await Promise.all([client.publish(bought(11, '198.51.100.10'))]);
    expect(last).toMatchObject({
      stored: true,
      effect: 'conflicted',
      conflicts: [{ claim: 'ipv4 198.51.100.10', holder: 's10' }],
      backDated: true,
    });
    expect(await client.publish(bought(11, '198.51.100.10'))).toEqual(last);
    expect(await client.receipt('bought-11')).toMatchObject({
      id: 'bought-11',
      type: 'Ipv4AddOnBought',
      stream: 'server-s11',
      source,
      position: last.stored ? last.position : '',
    });
    expect(await client.receipt('never')).toBeUndefined();
  });

  it('is told of a refused fact by the engine, and of the one behind it', async () => {
    const wrong = added(12, { mac: 'no MAC' });
    const [first, behind, other] = await Promise.all([
      client.publish(wrong),
      client.publish(bought(12, '198.51.100.12')),
      client.publish(added(13)),
    ]);
    expect(first).toMatchObject({
      stored: false,
      status: 422,
      code: 'invalid-event',
      errors: [{ pointer: '/data/mac' }],
    });
    expect(behind).toMatchObject({ stored: false, status: 424, code: 'predecessor-refused' });
    expect(other).toMatchObject({ stored: true });
    await client.publish(added(14));
    expect(await client.publish({ ...added(14), data: { ...added(15).data } } as Fact)).toMatchObject({
      status: 409,
      code: 'id-reused',
    });
  });

  it('tries facts without storing them', async () => {
    const stored = await client.publish(added(10));
    await client.publish(bought(10, '198.51.100.10'));
    const facts = [added(13), added(11), bought(11, '198.51.100.10'), added(12, { vlan: 5000 }), added(10)];
    expect(await client.dryRun(facts)).toMatchObject([
      { dryRun: true, refused: false, id: 'added-13', effect: 'applied', conflicts: [] },
      { dryRun: true, refused: false },
      { dryRun: true, refused: false, effect: 'conflicted', conflicts: [{ holder: 's10' }] },
      { dryRun: true, refused: true, status: 422, code: 'invalid-event' },
      { dryRun: true, refused: false, ordinal: stored.stored ? stored.ordinal : -1 },
    ]);
    expect(await client.receipt('added-11')).toBeUndefined();
  });

  it('reads the map page by page, and finds who has an address and who is on a port', async () => {
    const servers = Array.from({ length: 1_100 }, (_, index): Fact => ({
      type: 'ServerAdded',
      id: `many-${index}`,
      time,
      data: { serverId: `m${index}`, customerId: 'c1', port: `leaf2:Ethernet${index}`, vlan: 1 + (index % 4000) },
    }));
    await client.publishAll(servers);
    await client.publish(added(10));
    await client.publish(bought(10, '198.51.100.10'));
    const pages: number[] = [];
    for await (const page of client.mapPages({ switch: 'leaf2' })) pages.push(page.bindings.length);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.reduce((sum, count) => sum + count)).toBe(1_100);
    const ids: string[] = [];
    for await (const { serverId } of client.map()) ids.push(serverId);
    expect(ids).toHaveLength(1_101);
    expect(new Set(ids).size).toBe(1_101);
    expect(await client.withAddress('198.51.100.10')).toMatchObject([
      { serverId: 's10', vlan: 10, mac: '52:54:00:00:00:10' },
    ]);
    expect(await client.onPort('leaf1:Ethernet10')).toMatchObject([{ serverId: 's10' }]);
    expect(await client.withAddress('198.51.100.99')).toEqual([]);
  });

  it('finds by a name in any notation, or by its beginning', async () => {
    await client.publish(added(10));
    expect((await client.search('5254.0000.0010')).groups).toMatchObject([
      { kind: 'mac', hits: [{ name: '52:54:00:00:00:10', match: 'exact' }] },
    ]);
    const { groups } = await client.search('leaf1', { limit: 1 });
    expect(groups).toMatchObject([{ kind: 'port', hits: [{ kind: 'port' }] }]);
    expect(groups[0]?.hits).toHaveLength(1);
    expect((await client.search('nobody')).groups).toEqual([]);
  });

  it('asks how far a server has got, and what may still be sold', async () => {
    await client.publish(added(10));
    expect(await client.serverStatus('s10', { settleMs: 5_000 })).toMatchObject({
      serverId: 's10',
      state: 'active',
      facts: [{ id: 'added-10', effect: 'applied' }],
      settled: true,
    });
    expect(await client.serverStatus('nobody')).toBeUndefined();
    expect(await client.capacity()).toEqual({ sites: [], switches: [], devices: [] });
  });

  it('has a question refused as an error, with the words of the engine', async () => {
    const publisher = new PortledgerClient({ url: engine.url, token: engine.tokens.publisher, source });
    const error: unknown = await publisher.withAddress('198.51.100.10').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QuestionRefusedError);
    expect(error).toMatchObject({ status: 403, code: 'missing-scope' });
    expect(String(error)).toContain('viewer');
    await publisher.close();
    await expect(client.withAddress('no address')).rejects.toMatchObject({ status: 400, code: 'question-malformed' });
  });

  it('whose token is refused is told so as the answer to its fact', async () => {
    const stranger = new PortledgerClient({ url: engine.url, token: 'portledger_abcdefgh_unknown', source });
    expect(await stranger.publish(added(10))).toMatchObject({ stored: false, status: 401 });
    expect(await stranger.publishAll([added(11)])).toMatchObject({ refused: 1, stoppedBy: { status: 401 } });
    await stranger.close();
  });
});
