import type { Ipv4Address, Ipv6Address, Ipv6Prefix } from '../../events/index.js';
import type { BgpDriver, Route } from '../../src/drivers/bgp/bgp.port.js';
import { routeKey } from '../../src/drivers/bgp/bgp.port.js';
import { attributesOf } from '../../src/drivers/bgp/communities.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { bgpDriverChecks, type BgpHarness } from './bgp-driver.contract.js';
import { bgpSaboteurs } from './bgp-driver.saboteurs.js';

const v6 = (vlan: number): Route => ({
  family: 'ipv6',
  prefix: `2001:db8:${vlan}::/48` as Ipv6Prefix,
  nextHop: `fe80::${vlan}` as Ipv6Address,
  interface: `vlan${vlan}`,
  med: 0,
});
const host: Route = { family: 'ipv4', address: '198.51.100.16' as Ipv4Address, interface: 'vlan16', med: 0 };

function simulated(patienceMs: number, disguise: (honest: BgpDriver) => BgpDriver = (honest) => honest): BgpHarness {
  const gateway = ['fe80::1' as Ipv6Address];
  const device = new SimulatedSwitch({ device: 'leaf1', interfaces: { vlan11: gateway, vlan16: gateway } });
  for (const name of ['vlan11', 'vlan16']) device.setCarrier(name, true);
  const bgp = new SimulatedBgp('leaf1', device);
  return {
    driver: disguise(bgp),
    routes: [v6(16), v6(11), host],
    patienceMs,
    announced: () =>
      Promise.resolve(bgp.announced().map((route) => `${routeKey(route).split(' ')[0]} ${attributesOf(route)}`.trim())),
    setCarrier: (name, up) => Promise.resolve(device.setCarrier(name, up)),
    undo: () => Promise.resolve(bgp.handUndo()),
    setRunning: (running) => Promise.resolve(void (bgp.fault = running ? 'none' : 'unreachable')),
    setRefusing: (refusing) => Promise.resolve(void (bgp.fault = refusing ? 'refuse' : 'none')),
    setLying: { cannot: 'the simulated daemon and its driver are one: nothing stands between them that could lie' },
    restarted: () => bgp,
  };
}

const checks = bgpDriverChecks.filter(({ needsLying }) => needsLying !== true);

describe('the simulated BGP daemon', () => {
  it.each(checks)('$name', ({ run }) => run(simulated(30_000)));
});

describe('the BGP contract catches a driver that', () => {
  it.each(Object.entries(bgpSaboteurs))('%s', async (_name, sabotage) => {
    const failed: string[] = [];
    for (const { name, run } of checks) await run(simulated(50, sabotage)).catch(() => failed.push(name));
    expect(failed).not.toEqual([]);
  });
});
