import type { IpAddress, PortId } from '../../events/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { portledger, type Said, speakingTo } from '../cli/said.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { storeFact } from '../support/publish.js';

const names = ['leaf1', 'leaf2'] as const;
const portOf = (name: string): PortId => `${name}:Ethernet16` as PortId;

function simulated(name: string) {
  const device = new SimulatedSwitch({ device: name, interfaces: { vlan16: ['fe80::1' as IpAddress] } });
  return { switch: device, bgp: new SimulatedBgp(name, device) };
}

describe('portledger freeze and resume', () => {
  let engine: RunningEngine;
  let worlds: Map<string, ReturnType<typeof simulated>>;
  beforeEach(async () => {
    worlds = new Map(names.map((name) => [name, simulated(name)]));
    const gateways = names.map((name) => ({
      switch: name,
      devices: [
        {
          name,
          mode: 'enforce',
          interfacePattern: 'vlan{vlan}',
          ports: { [portOf(name)]: 'vlan16' },
          driver: { kind: 'simulated' },
        },
      ],
    }));
    const config = parseConfig({ gateways }, 'portledger.json');
    engine = await RunningEngine.start(undefined, { gateways: config.gateways, hands: { devices: worlds } });
    for (const { switch: device } of worlds.values())
      await device.writeStamp({ logId: engine.parts.store.logId, ordinal: -1 });
  });
  afterEach(() => engine.stop());

  const say = (...words: string[]): Promise<Said> => portledger(words, speakingTo(engine, engine.tokens.every));
  const entries = (name: string): number => worlds.get(name)?.switch.entries().length ?? -1;
  const stateOf = async (name: string): Promise<unknown> =>
    (JSON.parse((await say('device', name, '--json')).out) as { state: string }).state;
  const sell = (name: string): Promise<number> =>
    storeFact(engine.parts.store, 'ServerAdded', {
      serverId: `on-${name}`,
      customerId: 'c1',
      port: portOf(name),
      vlan: 16,
      mac: '52:54:00:00:00:16',
    });

  it('stop one device and let it go on, while the others work', async () => {
    expect(await say('freeze', 'leaf1', '--reason', 'it is being replaced')).toMatchObject({
      code: 0,
      out: 'leaf1 is frozen: nothing is written until portledger resume leaf1.\n',
    });
    for (const name of names) await sell(name);
    await until(() => entries('leaf2') === 1);
    const shown = await say('plan', 'leaf1');
    expect(shown.code).toBe(5);
    expect(shown.out).toMatch(/^FROZEN {3}it was frozen by \S+ at \S+Z: it is being replaced\n +NOTHING IS WRITTEN/m);
    const { planHash } = JSON.parse((await say('plan', 'leaf1', '--json')).out) as { planHash: string };
    expect(await say('apply', planHash)).toMatchObject({ code: 4, err: expect.stringContaining('resume') as string });
    expect((await engine.call('/readyz')).body).toMatchObject({
      status: 'degraded',
      alerts: [{ code: 'device-frozen', key: 'leaf1' }],
    });
    await engine.restart();
    await until(async () => (await stateOf('leaf1')) === 'frozen');
    expect(entries('leaf1')).toBe(0);
    expect((await say('resume', 'leaf1')).code).toBe(0);
    await until(() => entries('leaf1') === 1);
    expect(await say('resume', 'leaf1')).toMatchObject({ code: 4 });
  });

  it('stop every device at once', async () => {
    expect((await say('freeze', '--reason', 'night')).code).toBe(0);
    for (const name of names) await sell(name);
    for (const name of names) await until(async () => (await stateOf(name)) === 'frozen');
    expect(await say('resume', 'leaf1')).toMatchObject({ code: 4, err: expect.stringContaining('every') as string });
    expect([entries('leaf1'), entries('leaf2')]).toEqual([0, 0]);
    expect((await say('resume')).code).toBe(0);
    await until(() => entries('leaf1') === 1 && entries('leaf2') === 1);
    expect(await say('resume')).toMatchObject({ code: 4 });
  });

  it.each([
    [['freeze'], 2, '--reason'],
    [['freeze', 'leaf1', 'leaf2', '--reason', 'x'], 2, 'name one'],
    [['freeze', 'leaf9', '--reason', 'x'], 3, 'leaf1, leaf2'],
    [['freeze', 'leaf1', '--reason', 'two\nlines'], 1, 'control characters'],
  ])('%j ends with %i and says why', async (words, code, why) => {
    expect(await say(...words)).toMatchObject({ code, out: '', err: expect.stringContaining(why) as string });
  });

  it('listen to operators only', async () => {
    const as = speakingTo(engine, engine.tokens.viewer);
    for (const words of [['freeze', '--reason', 'x'], ['resume']])
      expect(await portledger(words, as)).toMatchObject({
        code: 1,
        err: expect.stringContaining('operator') as string,
      });
  });
});
