import { desiredRa, type LogFold } from '../../projections/index.js';
import {
  fold,
  gatewayDeclared,
  ipv4AddOnBought,
  ipv6PrefixAssigned,
  ipv6PrefixReleased,
  serverAdded,
  serverRemoved,
  serverResumed,
  serverSuspended,
} from '../support/history.js';
import { retold } from '../support/retold.js';

const view = { switch: 'leaf1', interfacePattern: 'vlan{vlan}', med: 0 };
const added = serverAdded('s16', { customerId: 'c1', port: 'leaf1:Ethernet16', vlan: 16, mac: '52:54:00:00:00:16' }, 1);
const sold = [added, ipv6PrefixAssigned('s16', { prefix: '2001:db8:16::/48' }, 2)];
const gateway = gatewayDeclared(
  'leaf1',
  { addresses: ['fe80::2', 'fe80::1', '2001:db8::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] },
  4,
);
const ra = ({ map }: LogFold) => desiredRa(map, view);

describe('what router advertisements are sent', () => {
  retold('tell the machine of a sold server the link-local addresses of its gateway, and no other address', {
    when: [...sold, gateway],
    then: (log) =>
      expect(ra(log)).toMatchObject({
        advertised: [{ serverId: 's16', interface: 'vlan16', routers: ['fe80::1', 'fe80::2'] }],
        withheld: [],
      }),
  });

  it('are none for a server that is suspended or removed, and are again when it is resumed', () => {
    const suspended = [...sold, gateway, serverSuspended('s16', {}, 5)];
    expect(ra(fold(suspended)).advertised).toEqual([]);
    expect(ra(fold([...suspended, serverResumed('s16', {}, 6)])).advertised).toHaveLength(1);
    expect(ra(fold([...sold, gateway, serverRemoved('s16', {}, 5)])).advertised).toEqual([]);
  });

  it('are none where no prefix is held: there is nothing to route', () => {
    const ipv4Only = [added, ipv4AddOnBought('s16', { addOnId: 'a1', address: '198.51.100.16' }, 3), gateway];
    expect(ra(fold(ipv4Only))).toEqual({ advertised: [], withheld: [] });
    const released = ipv6PrefixReleased('s16', { prefix: '2001:db8:16::/48' }, 5);
    expect(ra(fold([...sold, gateway, released])).advertised).toEqual([]);
  });

  it('are withheld where nobody declared a link-local address of the gateway, and that is said', () => {
    const without = gatewayDeclared('leaf1', { addresses: ['198.51.100.1'], macs: ['52:54:00:ff:00:01'] }, 4);
    const reason = 'no link-local address of a gateway is declared for its VLAN';
    for (const history of [sold, [...sold, without]])
      expect(ra(fold(history))).toEqual({ advertised: [], withheld: [{ serverId: 's16', what: 'vlan16', reason }] });
  });
});
