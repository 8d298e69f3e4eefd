import { grantsOf, gatewayMac, mac16, rack, sold, type Told } from './rules/rack.js';

describe('mapGrants', () => {
  it('answers by value: owner of an address, of a MAC, of a VLAN, of a port', () => {
    const grants = grantsOf(rack);
    const srv16 = {
      serverId: 'srv-16',
      customerId: 'cust-16',
      switch: 'leaf1',
      port: 'leaf1:Ethernet16',
      vlan: 16,
      mac: mac16,
      otherMacs: [],
      suspended: false,
    };
    expect(grants.ordinal).toBe(rack.length - 1);
    expect(grants.ownerOfAddress('198.51.100.16')).toEqual(srv16);
    expect(grants.ownerOfAddress('2001:db8:16:8000::1')).toEqual(srv16);
    expect(grants.ownersOfMac(mac16)).toEqual([srv16]);
    expect(grants.expectedOn('leaf1', 16)).toEqual(srv16);
    expect(grants.expectedOnPort('leaf1:Ethernet16')).toEqual([srv16]);
    expect(grants.isGatewayAddress('leaf1', 16, 'fe80::1')).toBe(true);
    expect(grants.isGatewayAddress('leaf1', undefined, '198.51.100.1')).toBe(true);
    expect(grants.isGatewayAddress('leaf1', 21, 'fe80::1')).toBe(false);
    expect(grants.isGatewayMac('leaf1', 16, gatewayMac)).toBe(true);
    expect(grants.isGatewayMac('leaf2', 16, gatewayMac)).toBe(false);
  });

  it('sells link-locals and mapped addresses to nobody', () => {
    expect(grantsOf(rack).ownerOfAddress('fe80::5054:ff:fe00:16')).toBeUndefined();
    expect(grantsOf(rack).ownerOfAddress('::ffff:198.51.100.16')).toBeUndefined();
  });

  it.each([
    ['removed', [...rack, ['ServerRemoved', { serverId: 'srv-16' }]]],
    ['not added yet', rack.filter(([type, data]) => type !== 'ServerAdded' || data['serverId'] !== 'srv-16')],
    [
      'not added yet, with port and MAC known',
      [
        ['ServerMoved', { serverId: 'srv-16', port: 'leaf1:Ethernet16', vlan: 16 }],
        ['ServerNicReplaced', { serverId: 'srv-16', mac: mac16 }],
        ['Ipv4AddOnBought', { serverId: 'srv-16', addOnId: 'a', address: '198.51.100.16' }],
      ],
    ],
  ] as [string, Told[]][])('lets a server own nothing that was %s', (_name, told) => {
    const grants = grantsOf(told);
    expect(grants.ownerOfAddress('198.51.100.16')).toBeUndefined();
    expect(grants.ownerOfAddress('2001:db8:16::1')).toBeUndefined();
    expect(grants.ownersOfMac(mac16)).toEqual([]);
    expect(grants.expectedOn('leaf1', 16)).toBeUndefined();
    expect(grants.expectedOnPort('leaf1:Ethernet16')).toEqual([]);
  });

  it('keeps what holds with a server that is suspended, lacks its MAC, or waits for its VLAN', () => {
    const waits: Told[] = [...rack, ...sold(16).slice(1)];
    const owner = (told: Told[]) => grantsOf(told).ownerOfAddress('198.51.100.16')?.serverId;
    expect(owner([...waits, ['ServerSuspended', { serverId: 'srv-16' }]])).toBe('srv-16');
    expect(owner(sold(16, { mac: null }))).toBe('srv-16');
    const moved: Told[] = [...rack, ['ServerMoved', { serverId: 'srv-16', port: 'leaf1:Ethernet16', vlan: 11 }]];
    expect(grantsOf(moved).expectedOn('leaf1', 11)?.serverId).toBe('srv-11');
    expect(owner(moved)).toBe('srv-16');
  });
});
