import type { IpAddress, MacAddress, PortId } from '../../events/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import type { PlanView } from '../../src/control/plan-view.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { portledger, type Said, speakingTo } from '../cli/said.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { storeFact } from '../support/publish.js';

const otherLog = '11111111-1111-4111-8111-111111111111';
const vlans = [11, 16] as const;
const portOf = (vlan: number): PortId => `leaf1:Ethernet${vlan}` as PortId;
type Mode = 'observe' | 'propose' | 'enforce';

function simulated() {
  const device = new SimulatedSwitch({
    device: 'leaf1',
    interfaces: Object.fromEntries(vlans.map((vlan) => [`vlan${vlan}`, ['fe80::1' as IpAddress]])),
    boxAddresses: ['198.51.100.1' as IpAddress],
  });
  return { switch: device, bgp: new SimulatedBgp('leaf1', device) };
}

function gateways(mode: Mode) {
  const device = {
    name: 'leaf1',
    mode,
    interfacePattern: 'vlan{vlan}',
    ports: Object.fromEntries(vlans.map((vlan) => [portOf(vlan), `vlan${vlan}`])),
    driver: { kind: 'simulated' },
    bgp: { kind: 'simulated' },
  };
  return parseConfig({ gateways: [{ switch: 'leaf1', devices: [device] }] }, 'portledger.json').gateways;
}

describe('plan and apply', () => {
  let engine: RunningEngine;
  let world: ReturnType<typeof simulated>;
  const start = async (mode: Mode = 'enforce'): Promise<void> => {
    const hands = { devices: new Map([['leaf1', world]]) };
    engine = await RunningEngine.start(undefined, { gateways: gateways(mode), hands });
  };
  beforeEach(() => {
    world = simulated();
  });
  afterEach(() => engine.stop());

  const say = (...words: string[]): Promise<Said> => portledger(words, speakingTo(engine, engine.tokens.every));
  const fact = (...[type, data]: [Parameters<typeof storeFact>[1], Record<string, unknown>]): Promise<number> =>
    storeFact(engine.parts.store, type, data);

  async function sell(vlan: number): Promise<void> {
    const serverId = `s${vlan}`;
    const mac = `52:54:00:00:00:${vlan}`;
    await fact('ServerAdded', { serverId, customerId: 'c1', port: portOf(vlan), vlan, mac });
    await fact('Ipv6PrefixAssigned', { serverId, prefix: `2001:db8:${vlan}::/48` });
    await fact('Ipv4AddOnBought', { serverId, addOnId: 'a', address: `198.51.100.${vlan}` });
  }
  async function untilPlanned(lines: number): Promise<PlanView> {
    let plan: PlanView | undefined;
    await until(async () => {
      plan = JSON.parse((await say('plan', 'leaf1', '--json')).out) as PlanView;
      return plan.lines.length === lines && plan.state !== 'starting';
    });
    if (plan === undefined) throw new Error('there is no plan');
    return plan;
  }

  it('of a device that holds what the map grants is empty, and ends with 0', async () => {
    await start();
    await untilPlanned(0);
    const { code, out } = await say('plan');
    expect(code).toBe(0);
    expect(out).toMatch(/^leaf1 \(switch leaf1\), mode enforce: it holds exactly what the map grants\n/);
    const hash = (await untilPlanned(0)).planHash ?? '';
    const nothing = await say('apply', hash);
    expect(nothing).toMatchObject({ code: 0, out: expect.stringContaining('nothing to do') as string });
  });

  it('of a new device says each line, whose it is, who published the event and when; applied, it is proved by read-back', async () => {
    await start();
    await sell(16);
    const { planHash, lines } = await untilPlanned(2);
    const shown = await say('plan', 'leaf1');
    expect(shown.code).toBe(5);
    expect(shown.out).toContain('leaf1 (switch leaf1), mode enforce: 2 to add, 0 to remove\n');
    expect(shown.out).toContain('BRAKED   first-plan: nothing was ever written to this device');
    expect(shown.out).toMatch(
      /^\+ neighbour 198\.51\.100\.16 vlan16 52:54:00:00:00:16\n {4}for s16, by its latest event: the address was bought, says \S+, since \S+Z \(#\d+ Ipv4AddOnBought\)$/m,
    );
    expect(shown.out).toMatch(/^ {2}s16 +2001:db8:16::\/48 +the link of leaf1:Ethernet16 is not reported up$/m);
    expect(shown.out.trimEnd().split('\n').at(-1)).toBe(`  portledger apply ${planHash}`);
    const bought = { type: 'Ipv4AddOnBought', source: 'urn:test', eventId: expect.any(String) as string };
    expect(lines).toMatchObject([{ because: bought }, { because: bought }]);
    expect(world.switch.entries()).toEqual([]);
    const applied = await say('apply', planHash ?? '');
    expect(applied).toEqual({
      code: 0,
      out: `leaf1 was read back: 2 of 2 lines of plan ${planHash} are proved done.\n`,
      err: '',
    });
    expect(world.switch.entries()).toHaveLength(2);
    await sell(11);
    await until(() => world.switch.entries().length === 4);
  });

  it('is refused as a conflict when the map moved since, and names the plan of now', async () => {
    await start('propose');
    await sell(16);
    const { planHash } = await untilPlanned(2);
    await sell(11);
    const { planHash: now } = await untilPlanned(4);
    for (const device of [[], ['--device', 'leaf1']]) {
      const refused = await say('apply', planHash ?? '', ...device);
      expect(refused).toMatchObject({ code: 4, out: '', err: expect.stringContaining('moved') as string });
    }
    expect((await say('apply', planHash ?? '', '--device', 'leaf1')).err).toContain(now);
    expect(world.switch.entries()).toEqual([]);
  });

  it('is refused as a conflict when the device moved since', async () => {
    await start('propose');
    await sell(16);
    await say('apply', (await untilPlanned(2)).planHash ?? '');
    await sell(11);
    const { planHash } = await untilPlanned(2);
    world.switch.changeMac('vlan16');
    expect(await say('apply', planHash ?? '')).toMatchObject({ code: 4 });
    expect(world.switch.entries()).toEqual([]);
  });

  it('says with exit code 5 what a device that lies did not do', async () => {
    await start('propose');
    await sell(16);
    const { planHash } = await untilPlanned(2);
    world.switch.fault = 'lie';
    const { code, out } = await say('apply', planHash ?? '');
    expect(code).toBe(5);
    expect(out).toContain('0 of 2 lines');
    expect(out).toContain('+ neighbour 198.51.100.16 vlan16 52:54:00:00:00:16\n      is absent all the same');
  });

  it('fails with exit code 1 on a device that cannot be read', async () => {
    await start('propose');
    await sell(16);
    const { planHash } = await untilPlanned(2);
    world.switch.fault = 'unreachable';
    expect(await say('apply', planHash ?? '')).toMatchObject({
      code: 1,
      out: expect.stringContaining('does not answer') as string,
    });
    expect((await say('plan')).code).toBe(1);
  });

  it('of a device that is only observed is refused, with the cure', async () => {
    await start('observe');
    await sell(16);
    const { planHash } = await untilPlanned(2);
    expect((await say('plan')).out).toContain('Nothing is written in mode observe.');
    const refused = await say('apply', planHash ?? '');
    expect(refused).toMatchObject({ code: 4, err: expect.stringContaining('propose or enforce') as string });
    expect(world.switch.entries()).toEqual([]);
  });

  it('releases a brake for the plan that is named, once', async () => {
    await world.switch.writeStamp({ logId: otherLog, ordinal: 7 });
    await start();
    await sell(16);
    const { planHash, brake } = await untilPlanned(2);
    expect(brake?.code).toBe('other-log');
    expect(await say('apply', '0123456789abcdef')).toMatchObject({ code: 4 });
    expect(world.switch.entries()).toEqual([]);
    expect(await say('apply', planHash ?? '')).toMatchObject({ code: 0 });
    expect(world.switch.entries()).toHaveLength(2);
    expect(await say('apply', planHash ?? '')).toMatchObject({ code: 4 });
  });

  it.each([
    [['plan', 'leaf9'], 3, 'leaf1'],
    [['plan', 'leaf1', 'leaf2'], 2, 'one device'],
    [['apply'], 2, '16 hexadecimal digits'],
    [['apply', 'yes'], 2, '16 hexadecimal digits'],
    [['apply', '0123456789abcdef', 'more'], 2, '16 hexadecimal digits'],
    [['apply', '0123456789abcdef', '--device', 'leaf9'], 3, 'leaf9'],
    [['apply', '0123456789abcdef'], 4, 'No device has the plan'],
  ])('%j ends with %i and says why', async (words, code, why) => {
    await start();
    await untilPlanned(0);
    expect(await say(...words)).toMatchObject({ code, out: '', err: expect.stringContaining(why) as string });
  });

  it.each([
    ['0123', '{}', 400, 'plan-hash-missing'],
    ['..%2f..%2fx', '{}', 400, 'plan-hash-missing'],
    ['0123456789abcdef', '[', 400, 'malformed-json'],
    ['0123456789abcdef', '{"device":7}', 400, 'invalid-request'],
    ['0123456789abcdef', '{"device":"leaf1\\n"}', 404, 'unknown-device'],
    ['0123456789abcdef', '{}', 409, 'other-plan'],
  ])('an order to apply %s with %s is answered %i', async (hash, body, status, code) => {
    await start();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${engine.tokens.operator}` };
    const answer = await engine.call(`/v1/plans/${hash}/apply`, { method: 'POST', headers, body });
    expect(answer).toMatchObject({ status, body: { type: `https://portledger.dev/problems/${code}` } });
  });

  it('takes over an entry of somebody else by the words that are asked for, and then holds it as its own', async () => {
    await start('propose');
    await untilPlanned(0);
    const foreign = {
      interface: 'vlan16',
      address: '198.51.100.99' as IpAddress,
      mac: '52:54:00:aa:aa:aa' as MacAddress,
    };
    world.switch.handSet(foreign);
    const order = ['adopt', 'leaf1', '198.51.100.99', 'vlan16'];
    const asked = await say(...order);
    expect(asked).toMatchObject({ code: 4, err: expect.stringContaining('adopt 198.51.100.99 on vlan16') as string });
    expect(await say('adopt', 'leaf1', '198.51.100.98', 'vlan16')).toMatchObject({ code: 3 });
    expect(world.switch.entries()).toEqual([{ ...foreign, ours: false }]);
    expect(await say(...order, '--confirm', 'adopt 198.51.100.99 on vlan16')).toMatchObject({ code: 0 });
    expect(world.switch.entries()).toEqual([{ ...foreign, ours: true }]);
    const { lines } = await untilPlanned(1);
    expect(lines).toMatchObject([{ change: 'remove', line: 'neighbour 198.51.100.99 vlan16 52:54:00:aa:aa:aa' }]);
    await say('freeze', '--reason', 'night');
    expect(await say(...order)).toMatchObject({ code: 4, err: expect.stringContaining('frozen') as string });
  });

  it('is shown to viewers and applied by operators only', async () => {
    await start('propose');
    await sell(16);
    const { planHash } = await untilPlanned(2);
    const as = speakingTo(engine, engine.tokens.viewer);
    expect((await portledger(['plan'], as)).code).toBe(5);
    const refused = await portledger(['apply', planHash ?? ''], as);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('operator') as string });
    expect(world.switch.entries()).toEqual([]);
  });
});
