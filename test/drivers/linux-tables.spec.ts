import { interfacesOf } from '../../src/drivers/switch/linux-tables.js';
import { whyOtherVrf } from '../../src/drivers/switch/vrf.js';

describe('the interfaces of a Linux box', () => {
  const flags = ['BROADCAST', 'UP', 'LOWER_UP'];
  const addresses = [
    { ifname: 'vlan11', flags, master: 'customers', addr_info: [{ local: 'fe80::1' }] },
    { ifname: 'vlan16', flags, master: 'br0', addr_info: [] },
    { ifname: 'vlan21', flags, addr_info: [] },
    {},
  ];
  const vrfs = [{}, { ifname: 'customers', flags: ['NOARP', 'MASTER', 'UP', 'LOWER_UP'] }];

  it('stand in the VRF they are enslaved to, and in none when their master is something else', () => {
    const states = interfacesOf(addresses, vrfs);
    expect([...states.values()].map(({ name, vrf }) => [name, vrf])).toEqual([
      ['vlan11', 'customers'],
      ['vlan16', undefined],
      ['vlan21', undefined],
    ]);
  });

  it('are told from the configured VRF, both ways, with the cure', () => {
    const states = interfacesOf(addresses, vrfs);
    expect(whyOtherVrf(states.get('vlan11'), 'customers')).toBeUndefined();
    expect(whyOtherVrf(states.get('vlan16'), undefined)).toBeUndefined();
    expect(whyOtherVrf(states.get('vlan99'), 'customers')).toBeUndefined();
    expect(whyOtherVrf(states.get('vlan11'), undefined)).toMatch(/in VRF customers, not in the default VRF.*"vrf"/);
    expect(whyOtherVrf(states.get('vlan16'), 'customers')).toMatch(/in the default VRF, not in VRF customers/);
  });
});
