import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IpAddress, MacAddress } from '../../../events/index.js';
import { parseConfig } from '../../../src/config/load-config.js';
import type { PlanView } from '../../../src/control/plan-view.js';
import { SimulatedBgp } from '../../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../../src/drivers/switch/simulated.switch.js';
import type { NeighbourEntry } from '../../../src/drivers/switch/switch.port.js';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { RunningEngine, source } from '../../e2e/running-engine.js';
import { until } from '../../story/scene.js';
import { tempDirectory } from '../../support/temp-directory.js';

const directory = tempDirectory();
const names = ['leaf1', 'leaf2'] as const;
type Name = (typeof names)[number];
const vlans = [11, 16] as const;

function simulated(device: Name) {
  const gateway = new SimulatedSwitch({
    device,
    interfaces: Object.fromEntries(vlans.map((vlan) => [`vlan${vlan}`, ['fe80::1' as IpAddress]])),
    boxAddresses: ['198.51.100.1' as IpAddress],
  });
  return { switch: gateway, bgp: new SimulatedBgp(device, gateway) };
}

const gatewayOf = (name: Name): object => ({
  switch: name,
  devices: [
    {
      name,
      mode: 'enforce',
      interfacePattern: 'vlan{vlan}',
      ports: Object.fromEntries(vlans.map((vlan) => [`${name}:Ethernet${vlan}`, `vlan${vlan}`])),
      driver: { kind: 'simulated' },
      bgp: { kind: 'simulated' },
    },
  ],
});

const byHand: NeighbourEntry = {
  interface: 'vlan11',
  address: '198.51.100.99' as IpAddress,
  mac: '52:54:00:00:00:99' as MacAddress,
};

const place = (name: Name, vlan: number): string => `${names.indexOf(name) + 1}${vlan}`;
const file = [
  'server,customer,switch,interface,vlan,mac,prefixes,ipv4',
  ...names.flatMap((name) =>
    vlans.map((vlan) => {
      const number = place(name, vlan);
      return `srv-${number},c1,${name},Ethernet${vlan},${vlan},52:54:00:00:0${number[0]}:${vlan},2001:db8:${number}::/48,198.51.100.${number}`;
    }),
  ),
];

describe('a file imported into an engine that enforces', () => {
  let engine: RunningEngine;
  const worlds = { leaf1: simulated('leaf1'), leaf2: simulated('leaf2') };
  beforeAll(async () => {
    const { gateways } = parseConfig({ gateways: names.map(gatewayOf) }, 'portledger.json');
    const hands = { devices: new Map(Object.entries(worlds)) };
    engine = await RunningEngine.start(undefined, { gateways, hands, settings: { resyncSeconds: 1 } });
  });
  afterAll(() => engine.stop());

  const say = (...words: string[]): Promise<Said> => portledger(words, speakingTo(engine, engine.tokens.every));
  const planOf = async (name: Name): Promise<PlanView> =>
    JSON.parse((await say('plan', name, '--json')).out) as PlanView;
  /** What stands on a device and what its daemon announces. */
  const world = (name: Name): { readonly entries: string[]; readonly routes: number } => ({
    entries: worlds[name].switch
      .entries()
      .map(({ address }) => address as string)
      .sort(),
    routes: worlds[name].bgp.announced().length,
  });
  const nothing = { entries: [], routes: 0 };
  const whole = (name: Name): object => ({
    entries: [
      ...vlans.map((vlan) => `198.51.100.${place(name, vlan)}`),
      ...vlans.map((vlan) => `fe80::5054:ff:fe00:${names.indexOf(name) + 1}${vlan}`),
    ].sort(),
    routes: 4,
  });

  it('fills the map, and pushes nothing to a device whose first plan nobody approved', async () => {
    writeFileSync(join(directory, 'servers.csv'), `${file.join('\n')}\n`);
    const words = ['--time', '2026-01-01T00:00:00Z', '--publish', '--source', source];
    expect(await say('import', 'csv', join(directory, 'servers.csv'), ...words)).toMatchObject({ code: 0 });
    const { map } = engine.parts.projector.liveMap;
    expect([...map.bindings()].map(({ serverId, state }) => [serverId, state])).toEqual(
      ['111', '116', '211', '216'].map((number) => [`srv-${number}`, 'active']),
    );
    for (const name of names) for (const vlan of vlans) worlds[name].switch.setCarrier(`vlan${vlan}`, true);
    await until('the engine sees every link', () => [...map.links.values()].filter(({ up }) => up).length === 4);
    for (const name of names) {
      await until(`the plan of ${name} is whole`, async () => {
        const { lines, brake } = await planOf(name);
        return lines.length === 8 && brake?.code === 'first-plan';
      });
    }
    expect(names.map(world)).toEqual([nothing, nothing]);
  });

  it('pushes to the device whose plan is approved what the file sold there, and to the other one nothing', async () => {
    const { planHash } = await planOf('leaf1');
    expect(await say('apply', planHash ?? '', '--device', 'leaf1')).toMatchObject({ code: 0 });
    await until('all that was sold on leaf1 is there', () => world('leaf1').routes === 4);
    expect(names.map(world)).toEqual([whole('leaf1'), nothing]);
    // The other one was read and compared again meanwhile: what somebody else sets there is seen, and stands alone.
    worlds.leaf2.switch.handSet(byHand);
    await until('leaf2 is read anew', async () => (await planOf('leaf2')).foreign.length === 1);
    expect(world('leaf2')).toEqual({ entries: [byHand.address], routes: 0 });
    expect(await planOf('leaf2')).toMatchObject({ brake: { code: 'first-plan' }, waitsFor: 'operator' });
  });

  it('pushes to the other one once that is approved too', async () => {
    const { planHash } = await planOf('leaf2');
    expect(await say('apply', planHash ?? '', '--device', 'leaf2')).toMatchObject({ code: 0 });
    await until('all that was sold on leaf2 is there', () => world('leaf2').routes === 4);
    worlds.leaf2.switch.handRemove(byHand);
    expect(names.map(world)).toEqual(names.map(whole));
  });
});
