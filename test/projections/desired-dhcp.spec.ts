import { desiredDhcp, type LogFold } from '../../projections/index.js';
import {
  fold,
  gatewayDeclared,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv6PrefixAssigned,
  serverAdded,
  serverNicReplaced,
  serverRemoved,
  serverSuspended,
} from '../support/history.js';
import { retold } from '../support/retold.js';

const view = { switch: 'leaf1', interfacePattern: 'vlan{vlan}', med: 0 };
const port = 'leaf1:Ethernet16';
const mac = '52:54:00:00:00:16';
const sold = [
  serverAdded('s16', { customerId: 'c1', port, vlan: 16, mac }, 1),
  ipv6PrefixAssigned('s16', { prefix: '2001:db8:16::/48' }, 2),
  ipv4AddOnBought('s16', { addOnId: 'a1', address: '198.51.100.16' }, 3),
];
const gateway = gatewayDeclared('leaf1', { addresses: ['fe80::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] }, 4);
const dhcp = ({ map }: LogFold, policy: 'server' | 'mac' = 'server') => desiredDhcp(map, view, policy);

describe('what is handed out by DHCP', () => {
  retold('is the pair of the server and its prefixes, by the gateway of its VLAN', {
    when: [...sold, gateway],
    then: (log) =>
      expect(dhcp(log)).toMatchObject({
        hosts: [
          {
            ...{ serverId: 's16', interface: 'vlan16', vlan: 16, mac, linkLocal: 'fe80::5054:ff:fe00:16' },
            ...{ ipv4: '198.51.100.16', routers: ['198.51.100.1'], prefixes: ['2001:db8:16::/48'] },
            ipv6: '2001:db8:16::c633:6410',
          },
        ],
        withheld: [],
      }),
  });

  it('is the address made of the MAC where pairs are made of it', () =>
    expect(dhcp(fold([...sold, gateway]), 'mac').hosts).toMatchObject([{ ipv6: '2001:db8:16:0:5054:ff:fe00:16' }]));

  it('is no IPv4 where nobody declared a gateway, and that is said', () => {
    const { hosts, withheld } = dhcp(fold(sold));
    expect(hosts).toMatchObject([{ ipv4: undefined, ipv6: '2001:db8:16::c633:6410' }]);
    expect(withheld).toEqual([
      { serverId: 's16', what: '198.51.100.16', reason: 'no IPv4 gateway is declared for its VLAN' },
    ]);
  });

  it('follows the network card', () => {
    const replaced = [...sold, gateway, serverNicReplaced('s16', { mac: '52:54:00:00:00:99' }, 5)];
    expect(dhcp(fold(replaced)).hosts).toMatchObject([
      { mac: '52:54:00:00:00:99', linkLocal: 'fe80::5054:ff:fe00:99' },
    ]);
  });

  it('is nothing for a server that is suspended, removed, or known without a MAC', () => {
    expect(dhcp(fold([...sold, gateway, serverSuspended('s16', {}, 5)])).hosts).toEqual([]);
    expect(dhcp(fold([...sold, gateway, serverRemoved('s16', {}, 5)])).hosts).toEqual([]);
    const macless = serverAdded('s17', { customerId: 'c1', port: 'leaf1:Ethernet17', vlan: 17 }, 1);
    expect(dhcp(fold([macless, gateway])).hosts).toEqual([]);
  });

  it('is nothing that another server holds', () => {
    const other = [
      serverAdded('s17', { customerId: 'c2', port: 'leaf1:Ethernet17', vlan: 17, mac: '52:54:00:00:00:17' }, 5),
      ipv4AddOnBought('s17', { addOnId: 'a2', address: '198.51.100.16' }, 6),
      ipv6PrefixAssigned('s17', { prefix: '2001:db8:16:1::/64' }, 7),
    ];
    const late = dhcp(fold([...sold, gateway, ...other])).hosts.find(({ serverId }) => serverId === 's17');
    expect(late).toMatchObject({ ipv4: undefined, ipv6: undefined, prefixes: [] });
  });

  it('delegates no prefix that is longer than a network, and none inside another', () => {
    const more = [
      ipv6PrefixAssigned('s16', { prefix: '2001:db8:16:7::/64' }, 5),
      ipv6PrefixAssigned('s16', { prefix: '2001:db8:99::/112' }, 6),
    ];
    expect(dhcp(fold([...sold, gateway, ...more])).hosts).toMatchObject([{ prefixes: ['2001:db8:16::/48'] }]);
  });

  it('ends with the add-on', () => {
    const cancelled = [...sold, gateway, ipv4AddOnCancelled('s16', { addOnId: 'a1' }, 5)];
    expect(dhcp(fold(cancelled)).hosts).toMatchObject([{ ipv4: undefined, routers: [] }]);
  });
});
