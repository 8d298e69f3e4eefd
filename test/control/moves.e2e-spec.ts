import type { IpAddress, PortId } from '../../events/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import type { CapacityAnswer } from '../../src/control/capacity.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { exampleEvent, type PublishedType } from '../../src/intake/event-examples.js';
import type { Move } from '../../src/reactors/moves.js';
import { portledger, type Said, speakingTo } from '../cli/said.js';
import { type Answer, RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';

const portOf = (name: string): PortId => `${name}:Ethernet16` as PortId;
const prefix = '2001:db8:16::/48';
const address = '198.51.100.16/32';

function simulated(name: string) {
  const device = new SimulatedSwitch({ device: name, interfaces: { vlan16: ['fe80::1' as IpAddress] } });
  device.setCarrier('vlan16', true);
  return { switch: device, bgp: new SimulatedBgp(name, device) };
}

interface World {
  readonly enabled?: boolean;
  readonly capacity?: { readonly neighbours: number };
  readonly holdTimeSeconds?: number;
}

describe('moving between sites', () => {
  let engine: RunningEngine;
  let leaf1: ReturnType<typeof simulated>;
  let leaf2: ReturnType<typeof simulated>;
  afterEach(() => engine.stop());

  async function start({ enabled = true, capacity, holdTimeSeconds = 90 }: World = {}): Promise<void> {
    [leaf1, leaf2] = [simulated('leaf1'), simulated('leaf2')];
    const gateway = (name: string, site: string) => ({
      ...{ switch: name, site },
      devices: [
        {
          ...{ name, mode: 'enforce', interfacePattern: 'vlan{vlan}', ports: { [portOf(name)]: 'vlan16' } },
          ...{ driver: { kind: 'simulated' }, bgp: { kind: 'simulated' } },
          ...(capacity === undefined ? {} : { capacity }),
        },
      ],
    });
    const sites = [
      { name: 'ams1', holdTimeSeconds },
      { name: 'ams2', enabled },
    ];
    const { gateways, sites: read } = parseConfig(
      { gateways: [gateway('leaf1', 'ams1'), gateway('leaf2', 'ams2')], sites },
      'portledger.json',
    );
    const devices = new Map([
      ['leaf1', leaf1],
      ['leaf2', leaf2],
    ]);
    engine = await RunningEngine.start(undefined, { gateways, hands: { devices }, settings: { sites: read } });
    const stamp = { logId: engine.parts.store.logId, ordinal: -1 };
    await Promise.all([leaf1.switch.writeStamp(stamp), leaf2.switch.writeStamp(stamp)]);
  }

  let nextId = 0;
  const eventOf = (type: PublishedType, data: Record<string, unknown>): object =>
    exampleEvent(type, { id: `fact-${nextId++}`, subject: data['serverId'], time: new Date().toISOString(), data });
  async function publish(type: PublishedType, data: Record<string, unknown>): Promise<void> {
    expect((await engine.publish(eventOf(type, data), engine.tokens.publisher)).status).toBe(201);
  }
  async function sell(name = 'leaf1', serverId = 's16'): Promise<void> {
    const mac = '52:54:00:00:00:16';
    await publish('ServerAdded', { serverId, customerId: 'c1', port: portOf(name), vlan: 16, mac });
    await publish('Ipv6PrefixAssigned', { serverId, prefix });
    await publish('Ipv4AddOnBought', { serverId, addOnId: 'a', address: '198.51.100.16' });
  }
  const move = (name = 'leaf2'): Promise<void> =>
    publish('ServerMoved', { serverId: 's16', port: portOf(name), vlan: 16 });
  const heard = ({ bgp }: ReturnType<typeof simulated>): number => bgp.announced().length;
  const ask = (path: string, token = engine.tokens.operator): Promise<Answer> =>
    engine.call(path, { headers: { authorization: `Bearer ${token}` } });
  const moves = async (): Promise<Move[]> => (await ask('/v1/moves')).body['moves'] as Move[];
  const say = (...words: string[]): Promise<Said> => portledger(words, speakingTo(engine, engine.tokens.every));
  const release = (body: unknown, token = engine.tokens.operator): Promise<Answer> =>
    engine.call('/v1/moves/release', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('withdraws at the old gateway, announces at the new one, and tells how long it was dark', async () => {
    await start();
    await sell();
    await until(() => heard(leaf1) === 2);
    let mostAtOnce = 0;
    const watch = setInterval(() => (mostAtOnce = Math.max(mostAtOnce, heard(leaf1) + heard(leaf2))), 1);
    await move();
    await until(() => heard(leaf2) === 2);
    clearInterval(watch);
    expect([heard(leaf1), mostAtOnce <= 2]).toEqual([0, true]);
    await until(async () => (await moves()).every(({ state }) => state === 'finished'));
    const [first] = await moves();
    expect(first).toMatchObject({ serverId: 's16', from: ['leaf1'], to: 'leaf2', oldSide: 'confirmed' });
    expect(first?.blackoutMs).toBeGreaterThanOrEqual(0);
    const { out } = await say('moves');
    expect(out).toMatch(/^DESTINATION .*\n(.*leaf1 +leaf2 +finished +\d+ ms .*\n){2}$/);
    const shown = (await say('moves', '--json')).out.trim().split('\n');
    expect(shown.map((line) => (JSON.parse(line) as Move).destination).sort()).toEqual([address, prefix]);
  });

  it('waits for an old gateway that is gone, until an operator says so, and fences it', async () => {
    await start();
    await sell();
    await until(() => heard(leaf1) === 2);
    leaf1.switch.fault = leaf1.bgp.fault = 'unreachable';
    await move();
    await until(async () => (await moves()).filter(({ state }) => state === 'waiting').length === 2);
    await until(async () => {
      const { body } = await ask('/v1/devices/leaf2');
      const waits = (body['plan'] as { waits?: string }[]).map((line) => line.waits ?? '');
      return waits.some((reason) => reason.includes('hold time of 90 s'));
    });
    expect((await say('move', 'release', '2001:db8:99::/48')).code).toBe(3);
    const released = await say('move', 'release', 's16');
    expect(released.out.trim().split('\n').sort()).toEqual([
      `${address} is announced at leaf2 now`,
      `${prefix} is announced at leaf2 now`,
    ]);
    await until(() => heard(leaf2) === 2);
    await until(async () => (await moves()).every(({ state }) => state === 'finished'));
    expect((await moves())[0]).toMatchObject({ oldSide: 'unconfirmed', releasedBy: expect.any(String) as string });
    expect((await say('device', 'leaf1')).out).toContain('Fenced: announced elsewhere now, and perhaps still here');
    expect(engine.parts.alerts.current().map(({ code }) => code)).toContain('old-side-unconfirmed');
    leaf1.switch.fault = leaf1.bgp.fault = 'none';
    engine.parts.devices.get('leaf1')?.nudge();
    await until(() => heard(leaf1) === 0);
    await until(() => !engine.parts.alerts.current().some(({ code }) => code === 'old-side-unconfirmed'));
    expect((await ask('/v1/devices/leaf1')).body).not.toHaveProperty('fenced');
  });

  it('goes on by itself when the hold time of a dead gateway is over', async () => {
    await start({ holdTimeSeconds: 3 });
    await sell();
    await until(() => heard(leaf1) === 2);
    leaf1.switch.fault = leaf1.bgp.fault = 'unreachable';
    await move();
    await until(() => heard(leaf2) === 2);
    await until(async () => (await moves()).every(({ oldSide }) => oldSide === 'unconfirmed'));
  });

  it('releases nothing that is not named in its form, or does not wait', async () => {
    await start();
    const malformed = [{}, ['s16'], { destination: '2001:db8:16::1/48' }, { destination: prefix, serverId: 's16' }];
    for (const body of [...malformed, { serverId: 'a b' }]) expect((await release(body)).status).toBe(400);
    for (const body of [{ serverId: 'nobody' }, { destination: '198.51.100.16' }])
      expect((await release(body)).status).toBe(404);
  });

  it('is released by operators only, and seen by operators, viewers and auditors', async () => {
    await start();
    for (const token of [engine.tokens.viewer, engine.tokens.publisher, engine.tokens.auditor])
      expect((await release({ serverId: 's16' }, token)).status).toBe(403);
    expect((await ask('/v1/moves', engine.tokens.publisher)).status).toBe(403);
    expect((await ask('/v1/moves', engine.tokens.viewer)).status).toBe(200);
  });

  describe('to a site that is not enabled', () => {
    it('is stored and withheld with the reason, and nothing is pushed there', async () => {
      await start({ enabled: false });
      await sell();
      await until(() => heard(leaf1) === 2);
      await move();
      const { body } = await ask('/v1/servers/s16/status?wait=10s', engine.tokens.publisher);
      const devices = body['devices'] as { device: string; granted: string[]; withheld: object[] }[];
      expect(devices.find(({ device }) => device === 'leaf2')).toMatchObject({
        granted: [],
        withheld: [{ what: 'server', reason: 'site ams2 is not enabled' }],
      });
      expect(body['settled']).toBe(true);
      expect([leaf2.switch.entries(), heard(leaf2)]).toEqual([[], 0]);
      expect((await ask('/v1/devices/leaf2')).body['withheld']).toEqual([
        { serverId: 's16', what: 'server', reason: 'site ams2 is not enabled' },
      ]);
      expect((await say('map')).out).toContain('WITHHELD on leaf2: site ams2 is not enabled');
    });

    it('is told beforehand by a dry run', async () => {
      await start({ enabled: false });
      await sell();
      const event = eventOf('ServerMoved', { serverId: 's16', port: portOf('leaf2'), vlan: 16 });
      const dry = await engine.call('/v1/events?dryRun=true', {
        method: 'POST',
        headers: { authorization: `Bearer ${engine.tokens.publisher}`, 'content-type': 'application/cloudevents+json' },
        body: JSON.stringify(event),
      });
      expect(dry.body).toMatchObject({
        ...{ dryRun: true, effect: 'applied' },
        withheld: [{ what: 'server', reason: 'site ams2 is not enabled' }],
      });
      const stay = eventOf('ServerMoved', { serverId: 's16', port: portOf('leaf1'), vlan: 16 });
      const none = await engine.call('/v1/events?dryRun=true', {
        method: 'POST',
        headers: { authorization: `Bearer ${engine.tokens.publisher}`, 'content-type': 'application/cloudevents+json' },
        body: JSON.stringify(stay),
      });
      expect(none.body).not.toHaveProperty('withheld');
    });
  });

  it('tells a publisher what may still be sold, and holds what does not fit', async () => {
    await start({ capacity: { neighbours: 3 } });
    await sell();
    await until(() => heard(leaf1) === 2);
    await publish('Ipv4AddOnBought', { serverId: 's16', addOnId: 'b', address: '198.51.100.17' });
    await until(() => leaf1.switch.entries().length === 3);
    await publish('Ipv4AddOnBought', { serverId: 's16', addOnId: 'c', address: '198.51.100.18' });
    await until(async () => {
      const { plan } = (await ask('/v1/devices/leaf1')).body as { plan: { waits?: string }[] };
      return plan.length > 0 && plan.every(({ waits }) => waits?.startsWith('no room') === true);
    });
    expect(leaf1.switch.entries()).toHaveLength(3);
    const answer = (await ask('/v1/capacity', engine.tokens.publisher)).body as unknown as CapacityAnswer;
    const full = { limit: 3, used: 3, pending: 1, free: 0, level: 'full' };
    expect(answer.devices[0]).toMatchObject({ site: 'ams1', switch: 'leaf1', device: 'leaf1', neighbours: full });
    expect(answer.switches[0]).toMatchObject({ switch: 'leaf1', neighbours: full });
    expect(answer.sites[1]).toMatchObject({ site: 'ams2', neighbours: { limit: 3, used: 0, free: 3, level: 'ok' } });
    expect(answer.devices[0]?.routes).toMatchObject({ level: 'unknown' });
    expect((await say('capacity')).out).toMatch(/^device leaf1 +neighbours +full +3 +1 +3 +0$/m);
    expect(engine.parts.alerts.current().map(({ code }) => code)).toContain('capacity-full');
  });
});
