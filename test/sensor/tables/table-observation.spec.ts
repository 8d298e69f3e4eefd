import { parsePort, parseSwitchName } from '../../../events/index.js';
import { physicalPort } from '../../../src/sensor/tables/interface-names.js';
import type { ObservedAt } from '../../../src/sensor/tables/observed-at.js';
import { tableFormats } from '../../../src/sensor/tables/table-formats.js';
import { tableObservation } from '../../../src/sensor/tables/table-observation.js';

const leaf1 = parseSwitchName('leaf1');
const e16 = parsePort('leaf1:Ethernet16');
if (leaf1 === undefined || e16 === undefined) throw new Error('leaf1 and its port are well spelt');
const readAt = 1_700_000_000_000;
const at: ObservedAt = { sensor: 'leaf1-tables', site: 'default', switch: leaf1 };

function observed(name: string, text: string, place: ObservedAt = at, learntAt?: typeof e16) {
  const format = tableFormats.find((one) => one.name === name);
  if (format === undefined) throw new Error(`no format ${name}`);
  return format
    .parse(text)
    .entries.map((entry) => tableObservation(entry, place, { vendor: format.vendor, readAt, learntAt }));
}

describe('what a row of a table claims', () => {
  it('is an address at a MAC in a VLAN, with a port that is no fact', () => {
    expect(observed('eos-arp', '172.16.0.1               0 004c.6211.223b  Vlan101, Port-Channel2\n')).toEqual([
      {
        kind: 'arp-table',
        sensor: 'leaf1-tables',
        site: 'default',
        switch: 'leaf1',
        attribution: 'mac-table',
        port: 'leaf1:Port-Channel2',
        vlan: 101,
        etherSource: '00:4c:62:11:22:3b',
        claimedMac: '00:4c:62:11:22:3b',
        claimedAddress: '172.16.0.1',
        tentative: false,
        frameTime: readAt,
      },
    ]);
  });

  it('is nothing for an entry that is configured, unresolved, or the own address of the box', () => {
    const text = `Internet  172.29.50.3             -   0024.f7dd.7741  ARPA   Vlan20
Internet  10.100.88.199           0   Incomplete      ARPA
`;
    expect(observed('ios-arp', text)).toEqual([undefined, undefined]);
    expect(
      observed(
        'linux-neigh',
        '198.51.100.16 dev vlan16 lladdr 52:54:00:00:00:16 PERMANENT\n198.51.100.17 dev vlan16 lladdr 52:54:00:00:00:17 FAILED\n',
      ),
    ).toEqual([undefined, undefined]);
  });

  it('is a MAC at a port without an address in a MAC table, and nothing where there is no port or the MAC is a group', () => {
    const text = `   1    30a3.30a3.a1c7    DYNAMIC     Te1/1/3
   1    30a3.30a3.a1c8    DYNAMIC     Drop
   1    0100.5e00.0001    DYNAMIC     Te1/1/3
   1    30a3.30a3.a1c9    STATIC      Te1/1/3
`;
    const [row, ...others] = observed('ios-mac', text);
    expect(row).toMatchObject({
      kind: 'mac-table',
      port: 'leaf1:TenGigabitEthernet1/1/3',
      vlan: 1,
      claimedMac: '30:a3:30:a3:a1:c7',
    });
    expect(row).not.toHaveProperty('claimedAddress');
    expect(others).toEqual([undefined, undefined, undefined]);
  });

  it('has the port that the configuration names for an interface, else the one of the MAC table', () => {
    const neighbour = '198.51.100.16 dev vlan16 lladdr 52:54:00:00:00:16 REACHABLE\n';
    expect(observed('linux-neigh', neighbour, { ...at, ports: new Map([['vlan16', e16]]) })).toMatchObject([
      { port: 'leaf1:Ethernet16' },
    ]);
    expect(observed('linux-neigh', neighbour, at, e16)).toMatchObject([{ port: 'leaf1:Ethernet16' }]);
    expect(observed('linux-neigh', neighbour)[0]).not.toHaveProperty('port');
  });

  it.each([
    ['Gi1/0/3', 'Cisco IOS, IOS-XE', 'GigabitEthernet1/0/3'],
    ['Twe1/0/41', 'Cisco IOS-XE', 'TwentyFiveGigE1/0/41'],
    ['Po1', 'Cisco IOS, IOS-XE', 'Port-channel1'],
    ['Po1', 'Cisco NX-OS', 'port-channel1'],
    ['Po1', 'Arista EOS', 'Port-Channel1'],
    ['Et5', 'Arista EOS', 'Ethernet5'],
    ['Et5/1', 'Arista EOS', 'Ethernet5/1'],
    ['Eth1/33', 'Cisco NX-OS', 'Ethernet1/33'],
    ['ge-0/0/3.0', 'Juniper Junos', 'ge-0/0/3'],
    ['xe-0/0/51:0.0', 'Juniper Junos', 'xe-0/0/51:0'],
    ['ae3.0', 'Juniper Junos', 'ae3'],
    ['Vl11', 'Cisco IOS, IOS-XE', undefined],
    ['Vlan11', 'Arista EOS', undefined],
    ['irb.11', 'Juniper Junos', undefined],
    ['CPU', 'Cisco IOS, IOS-XE', undefined],
    ['Router', 'Cisco IOS, IOS-XE', undefined],
    ['vPC Peer-Link', 'Cisco NX-OS', undefined],
    ['Vxlan1', 'Arista EOS', undefined],
    ['mgmt0', 'Cisco NX-OS', undefined],
    ['Gi2.390', 'Cisco IOS, IOS-XE', undefined],
  ])('takes %s of %s for the port %s', (name, vendor, expected) => {
    expect(physicalPort(name, vendor)).toBe(expected);
  });
});
