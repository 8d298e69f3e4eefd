import type { Ipv4Address, Ipv6Address, Ipv6Prefix, MacAddress, Vlan } from '../../events/index.js';
import type { DhcpHost4, DhcpHost6 } from '../../src/drivers/dhcp/dhcp.port.js';
import { SimulatedDhcp } from '../../src/drivers/dhcp/simulated.dhcp.js';
import { dhcpDriverChecks, type DhcpHarness, spelling4, spellings6 } from './dhcp-driver.contract.js';
import { type DhcpSaboteur, dhcpSaboteurs } from './dhcp-driver.saboteurs.js';

const macOf = (vlan: number) => `52:54:00:00:00:${vlan}` as MacAddress;
const host4 = (vlan: number): DhcpHost4 => ({
  interface: `vlan${vlan}`,
  vlan: vlan as Vlan,
  mac: macOf(vlan),
  address: `198.51.100.${vlan}` as Ipv4Address,
  routers: ['198.51.100.1' as Ipv4Address],
  listen: `100.64.0.${vlan}` as Ipv4Address,
});
const host6 = (vlan: number): DhcpHost6 => ({
  interface: `vlan${vlan}`,
  vlan: vlan as Vlan,
  mac: macOf(vlan),
  linkLocal: `fe80::${vlan}` as Ipv6Address,
  address: `2001:db8:${vlan}::2` as Ipv6Address,
  prefixes: [`2001:db8:${vlan}::/48` as Ipv6Prefix],
});

function simulated(patienceMs: number, disguise: DhcpSaboteur = (honest) => honest): DhcpHarness {
  const dhcp = new SimulatedDhcp('leaf1', ['vlan11', 'vlan16']);
  const saved = (): Promise<() => Promise<void>> => {
    const [file4, file6] = [dhcp.v4.file, dhcp.v6.file];
    return Promise.resolve(() => {
      [dhcp.v4.file, dhcp.v6.file] = [file4, file6];
      return Promise.resolve();
    });
  };
  const done = (work: () => void): Promise<void> => Promise.resolve(work());
  return {
    driver: disguise(dhcp, saved),
    hosts4: [host4(16), host4(11)],
    hosts6: [host6(16), host6(11)],
    patienceMs,
    serves: () =>
      Promise.resolve([
        ...[...dhcp.v4.hosts.values()].map(spelling4),
        ...[...dhcp.v6.hosts.values()].flatMap(spellings6),
      ]),
    machineGets: (name) => Promise.resolve(dhcp.v4.hosts.get(name)?.address),
    lease: (lease) => done(() => dhcp.leases.push(lease)),
    leases: () =>
      Promise.resolve(
        dhcp.leases.map(({ family, address, prefixLength }) =>
          [`${family} ${address}`, ...(prefixLength === undefined ? [] : [prefixLength])].join('/'),
        ),
      ),
    setHearing: (name, hearing) => done(() => (hearing ? dhcp.deaf.delete(name) : dhcp.deaf.add(name))),
    setRunning: (family, running) => done(() => dhcp.setRunning(family, running)),
    setRefusing: (family, refusing) => done(() => (dhcp.daemon(family).fault = refusing ? 'refuses' : 'none')),
    setSavable: (family, savable) => done(() => (dhcp.daemon(family).fault = savable ? 'none' : 'unsaved')),
    alter: (family, name) => done(() => dhcp.handAlter(family, name)),
    saved,
    restarted: () => dhcp,
  };
}

describe('the simulated DHCP daemons', () => {
  it.each(dhcpDriverChecks)('$name', ({ run }) => run(simulated(30_000)));
});

describe('the DHCP contract catches a driver that', () => {
  it.each(Object.entries(dhcpSaboteurs))('%s', async (_name, sabotage) => {
    const failed: string[] = [];
    for (const { name, run } of dhcpDriverChecks) await run(simulated(50, sabotage)).catch(() => failed.push(name));
    expect(failed).not.toEqual([]);
  });
});
