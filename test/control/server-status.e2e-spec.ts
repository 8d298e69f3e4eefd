import { randomUUID } from 'node:crypto';
import type { IpAddress, PortId } from '../../events/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import type { ServerStatus } from '../../src/control/server-status.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { exampleEvent, type PublishedType } from '../../src/intake/event-examples.js';
import { type Answer, RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { storeFact } from '../support/publish.js';

const portOf = (name: string): PortId => `${name}:Ethernet16` as PortId;

function simulated(name: string) {
  const device = new SimulatedSwitch({
    device: name,
    interfaces: { vlan16: ['fe80::1' as IpAddress] },
    boxAddresses: ['198.51.100.1' as IpAddress],
  });
  return { switch: device, bgp: new SimulatedBgp(name, device) };
}

function gateways(mode: 'observe' | 'enforce') {
  const all = ['leaf1', 'leaf2'].map((name) => ({
    switch: name,
    devices: [
      {
        name,
        mode,
        interfacePattern: 'vlan{vlan}',
        ports: { [portOf(name)]: 'vlan16' },
        driver: { kind: 'simulated' },
        bgp: { kind: 'simulated' },
      },
    ],
  }));
  return parseConfig({ gateways: all }, 'portledger.json').gateways;
}

let engine: RunningEngine;
let leaf1: ReturnType<typeof simulated>;
let leaf2: ReturnType<typeof simulated>;
async function start(mode: 'observe' | 'enforce' = 'enforce'): Promise<void> {
  const devices = new Map([
    ['leaf1', leaf1],
    ['leaf2', leaf2],
  ]);
  engine = await RunningEngine.start(undefined, { gateways: gateways(mode), hands: { devices } });
  // Their first plans were approved long ago.
  for (const one of devices.values()) await one.switch.writeStamp({ logId: engine.parts.store.logId, ordinal: -1 });
}
beforeEach(() => {
  leaf1 = simulated('leaf1');
  leaf2 = simulated('leaf2');
  leaf1.switch.setCarrier('vlan16', true);
  leaf2.switch.setCarrier('vlan16', true);
});
afterEach(() => engine.stop());

let nextId = 0;
async function publish(type: PublishedType, data: Record<string, unknown>): Promise<void> {
  const event = exampleEvent(type, {
    id: `fact-${nextId++}`,
    subject: data['serverId'],
    time: new Date().toISOString(),
    data,
  });
  const answer = await engine.publish(event, engine.tokens.publisher);
  expect(answer.status).toBe(201);
}

const mac = '52:54:00:00:00:16';
async function sell(serverId = 's16'): Promise<void> {
  await publish('ServerAdded', { serverId, customerId: 'c1', port: portOf('leaf1'), vlan: 16, mac });
  await publish('Ipv6PrefixAssigned', { serverId, prefix: '2001:db8:16::/48' });
  await publish('Ipv4AddOnBought', { serverId, addOnId: 'a', address: '198.51.100.16' });
}

function ask(path: string, token = engine.tokens.publisher, signal?: AbortSignal): Promise<Answer> {
  const request = { headers: { authorization: `Bearer ${token}` }, ...(signal === undefined ? {} : { signal }) };
  return engine.call(`/v1/servers/${path}`, request);
}

async function status(query = '', serverId = 's16'): Promise<ServerStatus> {
  const answer = await ask(`${serverId}/status${query}`);
  expect(answer.status).toBe(200);
  return answer.body as unknown as ServerStatus;
}

const lines = {
  linkLocal: `neighbour fe80::5054:ff:fe00:16 vlan16 ${mac}`,
  address: `neighbour 198.51.100.16 vlan16 ${mac}`,
  prefix: 'route 2001:db8:16::/48 via fe80::5054:ff:fe00:16 vlan16 med 0',
  host: 'route 198.51.100.16/32 vlan16 med 0',
};

describe('the status of a server', () => {
  it('is settled when every device was read back with all that is granted', async () => {
    await start();
    await sell();
    await until(() => engine.parts.projector.liveMap.map.linkOf(portOf('leaf1')) === 'up');
    const { body: last } = await engine.publish(
      exampleEvent('ServerResumed', {
        id: 'last',
        subject: 's16',
        time: new Date().toISOString(),
        data: { serverId: 's16' },
      }),
    );
    await until(async () => (await status()).devices[0]?.quiet.length === 0);
    const settled = await status('?wait=60s');
    expect(leaf1.switch.entries()).toHaveLength(2);
    expect(leaf1.bgp.announced()).toHaveLength(2);
    expect(settled).toMatchObject({
      serverId: 's16',
      state: 'active',
      frozen: false,
      settled: true,
      stored: { ordinal: last['ordinal'], position: last['position'] },
    });
    expect(settled.facts.map(({ type, effect }) => [type, effect])).toEqual([
      ['ServerResumed', 'applied'],
      ['Ipv4AddOnBought', 'applied'],
      ['Ipv6PrefixAssigned', 'applied'],
      ['ServerAdded', 'applied'],
    ]);
    expect(settled.devices).toHaveLength(1);
    const [device] = settled.devices;
    expect(device).toMatchObject({
      device: 'leaf1',
      confirmed: true,
      missing: [],
      waiting: [],
      quiet: [],
      withheld: [],
    });
    expect([...(device?.granted ?? [])].sort()).toEqual(Object.values(lines).sort());
    expect([...(device?.announced ?? [])].sort()).toEqual([lines.host, lines.prefix]);
  });

  it('does not take the word of a device that lies', async () => {
    await start();
    leaf1.switch.fault = 'lie';
    await sell();
    const before = await status('?wait=500ms');
    expect(before).toMatchObject({ settled: false, devices: [{ confirmed: false }] });
    expect(before.devices[0]?.missing).toEqual(expect.arrayContaining([lines.linkLocal, lines.address]));
    leaf1.switch.fault = 'none';
    expect(await status('?wait=60s')).toMatchObject({ settled: true, devices: [{ confirmed: true, missing: [] }] });
    expect(leaf1.switch.entries()).toHaveLength(2);
  });

  it('says nothing of what it cannot read: a daemon that is gone, a device that is gone', async () => {
    await start();
    await sell();
    await until(async () => (await status()).devices[0]?.announced.length === 2);
    for (const broken of [leaf1.bgp, leaf1.switch]) {
      broken.fault = 'unreachable';
      await publish('Ipv4AddOnBought', { serverId: 's16', addOnId: `extra-${nextId}` });
      expect(await status('?wait=500ms')).toMatchObject({ settled: false, devices: [{ confirmed: false }] });
      broken.fault = 'none';
      expect(await status('?wait=60s')).toMatchObject({ settled: true });
    }
  });

  it('names what an observed device would need, and confirms none of it', async () => {
    await start('observe');
    await sell();
    await until(async () => ((await status()).devices[0]?.waiting.length ?? 0) >= 2);
    const observed = await status();
    expect(observed).toMatchObject({ settled: false, devices: [{ mode: 'observe', confirmed: false }] });
    expect(observed.devices[0]?.waiting).toEqual(
      expect.arrayContaining([`+ ${lines.linkLocal}`, `+ ${lines.address}`]),
    );
    expect(leaf1.switch.entries()).toEqual([]);
  });

  it('calls a granted route quiet while its link is down, and is settled without it', async () => {
    leaf1.switch.setCarrier('vlan16', false);
    await start();
    await sell();
    const settled = await status('?wait=60s');
    expect(settled).toMatchObject({ settled: true, devices: [{ confirmed: true, announced: [] }] });
    expect(settled.devices[0]?.quiet.map(({ route }) => route).sort()).toEqual([
      '198.51.100.16/32',
      '2001:db8:16::/48',
    ]);
    expect(leaf1.switch.entries()).toHaveLength(2);
  });

  it('names what is withheld, and why', async () => {
    await start();
    await sell();
    await publish('ServerAdded', { serverId: 's17', customerId: 'c2', port: portOf('leaf1'), vlan: 17, mac });
    await publish('Ipv4AddOnBought', { serverId: 's17', addOnId: 'a', address: '198.51.100.16' });
    await until(async () => (await status('', 's17')).devices[0]?.withheld.length === 1);
    const second = await status('', 's17');
    expect(second.devices[0]?.withheld).toEqual([{ what: '198.51.100.16', reason: 'held by s16' }]);
    expect(second.facts[0]).toMatchObject({
      effect: 'conflicted',
      conflicts: [{ claim: 'ipv4 198.51.100.16', holder: 's16' }],
    });
  });

  it('of a moved server is settled only when the old switch let go of it too', async () => {
    await start();
    await sell();
    expect(await status('?wait=60s')).toMatchObject({ settled: true });
    leaf1.switch.fault = 'unreachable';
    await publish('ServerMoved', { serverId: 's16', port: portOf('leaf2'), vlan: 16 });
    await until(() => leaf2.switch.entries().length === 2);
    const moved = await status('?wait=500ms');
    expect(moved.devices.map(({ device }) => device)).toEqual(['leaf1', 'leaf2']);
    expect(moved).toMatchObject({ settled: false, devices: [{ confirmed: false }, {}] });
    leaf1.switch.fault = 'none';
    expect(await status('?wait=60s')).toMatchObject({ settled: true, devices: [{ granted: [] }, { confirmed: true }] });
    expect(leaf1.switch.entries()).toEqual([]);
  });

  it('of a removed server is settled when nothing of it is left', async () => {
    await start();
    await sell();
    expect(await status('?wait=60s')).toMatchObject({ settled: true });
    await publish('ServerRemoved', { serverId: 's16' });
    const removed = await status('?wait=60s');
    expect(removed).toMatchObject({ state: 'removed', settled: true, devices: [{ granted: [], announced: [] }] });
    expect(leaf1.switch.entries()).toEqual([]);
    expect(leaf1.bgp.announced()).toEqual([]);
  });

  it('waits for the operator behind an event that cannot be read', async () => {
    await start();
    await sell();
    const id = randomUUID();
    const metadata = {
      source: 'urn:billing:eu',
      sourceId: 'broken',
      schemaVersion: 1,
      time: '2026-03-01T12:00:00.000Z',
    };
    const event = { id, type: 'ServerMoved', data: { serverId: 's16' }, metadata };
    await engine.parts.store.append({ stream: 'server-s16', expected: 'any', events: [event] });
    await publish('ServerSuspended', { serverId: 's16' });
    expect(await status('?wait=500ms')).toMatchObject({
      frozen: true,
      settled: false,
      state: 'active',
      facts: [{ effect: 'held' }, { id: 'broken', effect: 'held' }, { effect: 'applied' }, {}, {}],
    });
  });

  it('is for the publisher of the server, and for who may see all', async () => {
    await start();
    await sell();
    const { store } = engine.parts;
    const theirs = { serverId: 's99', customerId: 'c9', port: portOf('leaf2'), vlan: 99, mac };
    await engine.parts.projector.liveMap.reached(await storeFact(store, 'ServerAdded', theirs), 30_000);
    const problem = (code: string): object => ({ body: { type: `https://portledger.dev/problems/${code}` } });
    for (const scope of ['publisher', 'operator', 'viewer', 'auditor'] as const) {
      expect((await ask('s16/status', engine.tokens[scope])).status).toBe(200);
      const foreign = await ask('s99/status', engine.tokens[scope]);
      expect(foreign.status).toBe(scope === 'publisher' ? 404 : 200);
    }
    expect(await ask('s99/status')).toMatchObject(problem('server-unknown'));
    for (const scope of ['link-source', 'security-analyst'] as const)
      expect((await ask('s16/status', engine.tokens[scope])).status).toBe(403);
    for (const server of ['never', '%00', 'x'.repeat(65)])
      expect(await ask(`${server}/status`, engine.tokens.auditor)).toMatchObject({
        status: 404,
        ...problem('server-unknown'),
      });
    // What another source said of the same server is not shown to this one.
    await storeFact(store, 'ServerSuspended', { serverId: 's16' });
    await until(async () => (await ask('s16/status', engine.tokens.viewer)).body['state'] === 'suspended');
    expect((await status()).facts.map(({ type }) => type)).not.toContain('ServerSuspended');
  });

  it.each(['wait=', 'wait=30', 'wait=0s', 'wait=61s', 'wait=99ms', 'wait=1m', 'wait=1s&wait=2s', 'waiting=1s'])(
    'is refused for %s',
    async (query) => {
      await start();
      expect(await ask(`s16/status?${query}`)).toMatchObject({
        status: 400,
        body: { type: 'https://portledger.dev/problems/question-malformed' },
      });
    },
  );

  it('lets only so many wait at once, and forgets those that hung up', async () => {
    await start();
    leaf1.switch.fault = 'lie';
    await sell();
    const hangUp = new AbortController();
    let [refused, answered] = [0, 0];
    const waits = Array.from({ length: 201 }, () =>
      ask('s16/status?wait=60s', engine.tokens.publisher, hangUp.signal)
        .then(({ status: code, headers }) => {
          answered++;
          if (code === 429 && headers.get('retry-after') === '1') refused++;
        })
        .catch(() => undefined),
    );
    await until(() => answered === 1);
    expect(refused).toBe(1);
    expect((await ask('s16/status?wait=100ms')).status).toBe(429);
    expect((await ask('s16/status')).status).toBe(200);
    hangUp.abort();
    await Promise.all(waits);
    await until(async () => (await ask('s16/status?wait=100ms')).status === 200);
  });
});
