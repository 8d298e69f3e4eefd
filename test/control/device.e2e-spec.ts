import type { IpAddress, MacAddress, PortId } from '../../events/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { portledger, type Said, speakingTo } from '../cli/said.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { storeFact } from '../support/publish.js';

const otherLog = '11111111-1111-4111-8111-111111111111';
const port = 'leaf1:Ethernet16' as PortId;

function simulated() {
  const device = new SimulatedSwitch({
    device: 'leaf1',
    interfaces: { vlan16: ['fe80::1' as IpAddress] },
    boxAddresses: ['198.51.100.1' as IpAddress],
  });
  return { switch: device, bgp: new SimulatedBgp('leaf1', device) };
}

function gateways(mode: 'observe' | 'enforce') {
  const device = {
    name: 'leaf1',
    mode,
    interfacePattern: 'vlan{vlan}',
    ports: { [port]: 'vlan16' },
    driver: { kind: 'simulated' },
    bgp: { kind: 'simulated' },
  };
  return parseConfig({ gateways: [{ switch: 'leaf1', devices: [device] }] }, 'portledger.json').gateways;
}

describe('portledger device', () => {
  let engine: RunningEngine;
  let world: ReturnType<typeof simulated>;
  const start = async (mode: 'observe' | 'enforce' = 'enforce'): Promise<void> => {
    engine = await RunningEngine.start(undefined, {
      gateways: gateways(mode),
      hands: { devices: new Map([['leaf1', world]]) },
    });
    // Its first plan was approved long ago.
    const { stamp } = await world.switch.read();
    if (stamp === undefined) await world.switch.writeStamp({ logId: engine.parts.store.logId, ordinal: -1 });
  };
  beforeEach(() => {
    world = simulated();
  });
  afterEach(() => engine.stop());

  const ask = (...words: string[]): Promise<Said> =>
    portledger(['device', ...words], speakingTo(engine, engine.tokens.every));

  async function sell(): Promise<void> {
    const { store } = engine.parts;
    await storeFact(store, 'ServerAdded', {
      serverId: 's16',
      customerId: 'c1',
      port,
      vlan: 16,
      mac: '52:54:00:00:00:16',
    });
    await storeFact(store, 'Ipv6PrefixAssigned', { serverId: 's16', prefix: '2001:db8:16::/48' });
    await storeFact(store, 'Ipv4AddOnBought', { serverId: 's16', addOnId: 'a', address: '198.51.100.16' });
    await storeFact(store, 'Ipv4AddOnBought', { serverId: 's16', addOnId: 'later' });
  }
  const untilShown = async (text: string): Promise<string> => {
    let shown = '';
    await until(async () => (shown = (await ask('leaf1')).out).includes(text));
    return shown;
  };

  it('lists the devices, as a table and as JSON', async () => {
    await start();
    await untilShown('equal');
    expect((await ask()).out).toBe(
      'DEVICE  SWITCH  MODE     STATE  ENTRIES  ROUTES\nleaf1   leaf1   enforce  equal  0        0\n',
    );
    const { code, out } = await ask('--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      device: 'leaf1',
      switch: 'leaf1',
      mode: 'enforce',
      state: 'equal',
      entries: 0,
      routes: 0,
      plan: { add: 0, remove: 0, waitsFor: 'none' },
      drift: { lines: 0 },
      headroom: { neighbours: { used: 0 } },
    });
  });

  it('shows what is withheld, quiet and foreign on an observed device', async () => {
    const hand = { interface: 'vlan16', address: '198.51.100.99' as IpAddress, mac: '52:54:00:aa:aa:aa' as MacAddress };
    world.switch.handSet(hand);
    await start('observe');
    await sell();
    const shown = await untilShown('2 to add');
    expect(shown).toMatch(/^Device leaf1 \(switch leaf1\): mode observe, differs$/m);
    expect(shown).toMatch(/^Plan [0-9a-f]{16}: 2 to add, 0 to remove \(only observed.*; see portledger plan leaf1$/m);
    expect(shown).toMatch(/^ {2}s16 +later +bought without an address/m);
    expect(shown).toMatch(/^ {2}s16 +2001:db8:16::\/48 +the link of leaf1:Ethernet16 is not reported up$/m);
    expect(shown).toMatch(/^ {2}198\.51\.100\.99 +vlan16 +52:54:00:aa:aa:aa$/m);
    const { plan } = JSON.parse((await ask('leaf1', '--json')).out) as { plan: { change: string; because: unknown }[] };
    expect(plan).toHaveLength(2);
    for (const { change, because } of plan) expect([change, typeof because]).toEqual(['add', 'number']);
    expect(world.switch.entries()).toHaveLength(1);
  });

  it('names brake and cure, and the word that helps', async () => {
    await world.switch.writeStamp({ logId: otherLog, ordinal: 7 });
    await start();
    await sell();
    const shown = await untilShown('2 to add');
    expect(shown).toContain(`BRAKED   other-log: the device was driven from log ${otherLog}`);
    expect(shown).toContain('(dataDir)');
    expect(shown).toMatch(/^It waits for an operator: portledger apply [0-9a-f]{16}$/m);
  });

  it('tells what fails on a device, and what helps', async () => {
    world.bgp.fault = 'unreachable';
    await start();
    await sell();
    expect(await untilShown('mode enforce, failing')).toMatch(/^FAILING {2}leaf1: .*daemon does not answer/m);
    await until(() => world.switch.entries().length === 2);
    const ready = await engine.call('/readyz');
    expect(ready.body).toMatchObject({
      status: 'degraded',
      alerts: [{ code: 'device-failing', key: 'leaf1', detail: expect.stringContaining('daemon') as string }],
    });
    world.bgp.fault = 'none';
    await untilShown('mode enforce, equal');
    expect((await engine.call('/readyz')).body['alerts']).toEqual([]);
  });

  it.each([
    [['leaf9'], 3, 'leaf1'],
    [['leaf1', 'leaf2'], 2, 'one device'],
  ])('ends %j with %i and says why', async (words, code, why) => {
    await start();
    await untilShown('equal');
    expect(await ask(...words)).toMatchObject({ code, out: '', err: expect.stringContaining(why) as string });
  });
});
