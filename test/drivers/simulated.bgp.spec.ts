import { type Ipv4Address, type Ipv6Address, type Ipv6Prefix } from '../../events/index.js';
import type { Route } from '../../src/drivers/bgp/bgp.port.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';

const gateway = 'fe80::1' as Ipv6Address;
const stamp = { logId: 'a-log', ordinal: 3 };
const v6: Route = {
  family: 'ipv6',
  prefix: '2001:db8:16::/48' as Ipv6Prefix,
  nextHop: 'fe80::16' as Ipv6Address,
  interface: 'vlan16',
  med: 0,
};
const v4: Route = { family: 'ipv4', address: '198.51.100.16' as Ipv4Address, interface: 'vlan16', med: 0 };

describe('the simulated BGP daemon', () => {
  const build = (): { device: SimulatedSwitch; bgp: SimulatedBgp } => {
    const device = new SimulatedSwitch({ device: 'leaf1', interfaces: { vlan16: [gateway] } });
    return { device, bgp: new SimulatedBgp('leaf1-bgp', device, 10) };
  };
  const table = async (bgp: SimulatedBgp): Promise<string[]> => [...(await bgp.read()).inTable];

  it('announces while there is carrier and keeps what it was told', async () => {
    const { device, bgp } = build();
    await bgp.setRoutes([v6, v4], stamp);
    expect(await table(bgp)).toEqual([]);
    device.setCarrier('vlan16', true);
    expect(await table(bgp)).toEqual(['2001:db8:16::/48 vlan16', '198.51.100.16/32 vlan16']);
    device.setCarrier('vlan16', false);
    expect(await bgp.read()).toEqual({ owned: [v6, v4], inTable: new Set(), inKernel: new Set(), stamp });
  });

  it('announces only IPv4 after an admin bounce until the gateway address is back', async () => {
    const { device, bgp } = build();
    device.setCarrier('vlan16', true);
    await bgp.setRoutes([v6, v4], stamp);
    device.setAdmin('vlan16', false);
    expect(await table(bgp)).toEqual([]);
    device.setAdmin('vlan16', true);
    expect(await table(bgp)).toEqual(['198.51.100.16/32 vlan16']);
    device.addAddress('vlan16', gateway);
    expect(await table(bgp)).toHaveLength(2);
  });

  it('refuses a doubled destination and keeps what it had', async () => {
    const { bgp } = build();
    await bgp.setRoutes([v6], stamp);
    await expect(bgp.setRoutes([v6, { ...v6, interface: 'vlan11' }], stamp)).rejects.toMatchObject({ code: 'refused' });
    expect((await bgp.read()).owned).toEqual([v6]);
  });

  it('misbehaves as told: away, refusing, hanging, lying', async () => {
    const { bgp } = build();
    await bgp.setRoutes([v6], stamp);
    bgp.fault = 'unreachable';
    await expect(bgp.read()).rejects.toMatchObject({ code: 'unreachable' });
    bgp.fault = 'refuse';
    await expect(bgp.setRoutes([], stamp)).rejects.toMatchObject({ code: 'refused' });
    bgp.fault = 'hang';
    await expect(bgp.read()).rejects.toMatchObject({ code: 'timeout' });
    bgp.fault = 'lie';
    await bgp.setRoutes([], stamp);
    bgp.fault = 'none';
    expect((await bgp.read()).owned).toEqual([v6]);
  });

  it('lets an older map undo nothing that another engine did since it was read', async () => {
    const { bgp } = build();
    const other = bgp.anotherDriver();
    await bgp.setRoutes([v6, v4], { ...stamp, ordinal: 50 });
    await Promise.all([bgp.read(), other.read()]);
    await bgp.setRoutes([v4], { ...stamp, ordinal: 100 });
    await expect(other.setRoutes([v6, v4], { ...stamp, ordinal: 60 })).rejects.toMatchObject({ code: 'refused' });
    expect((await bgp.read()).owned).toEqual([v4]);
    await other.read();
    await other.setRoutes([v6], { ...stamp, ordinal: 60 }); // seen, and so for the brakes: an operator may have released it
    expect((await bgp.read()).owned).toEqual([v6]);
  });
});
