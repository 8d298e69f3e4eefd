import { desiredState, type LogFold } from '../../projections/index.js';
import {
  type Fact,
  fold,
  gatewayDeclared,
  gatewayRetired,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv6PrefixAssigned,
  linkDown,
  linkUp,
  macSeen,
  serverAdded,
  serverMoved,
  serverNicReplaced,
  serverRemoved,
  serverSuspended,
} from '../support/history.js';
import { retold } from '../support/retold.js';

const view = { switch: 'leaf1', interfacePattern: 'vlan{vlan}', med: 7 };
const port = 'leaf1:Ethernet16';
const mac = '52:54:00:00:00:16';
const linkLocal = 'fe80::5054:ff:fe00:16';
const prefix = '2001:db8:16::/48';
const address = '198.51.100.16';
const added = serverAdded('s16', { customerId: 'c1', port, vlan: 16, mac }, 1);
const sold = [added, ipv6PrefixAssigned('s16', { prefix }, 2), ipv4AddOnBought('s16', { addOnId: 'a1', address }, 3)];
const rival = serverAdded('s17', { customerId: 'c2', port: 'leaf1:Ethernet17', vlan: 17, mac: '52:54:00:00:00:17' }, 4);
const desired = ({ map }: LogFold) => desiredState(map, view);
const withheld = (fold: LogFold) => desired(fold).withheld;
const bothEntries = [
  { serverId: 's16', interface: 'vlan16', address: linkLocal, mac },
  { serverId: 's16', interface: 'vlan16', address, mac },
];
const nothing = { neighbours: [], routes: [] };

describe('the desired state of a device', () => {
  retold('is one entry for the whole prefix and one for the address, and a route for each', {
    given: sold,
    when: [linkUp(port, 4)],
    then: (fold) => {
      const state = desired(fold);
      expect(state.neighbours).toMatchObject(bothEntries);
      expect(state.routes).toMatchObject([
        {
          family: 'ipv6',
          prefix,
          nextHop: linkLocal,
          needs: linkLocal,
          interface: 'vlan16',
          med: 7,
          port,
          linkUp: true,
        },
        { family: 'ipv4', address, needs: address, interface: 'vlan16', med: 7, port, linkUp: true },
      ]);
      expect(state.withheld).toEqual([]);
    },
  });

  retold('gates the routes by the link of the port and keeps the entries', {
    given: [...sold, linkUp(port, 4)],
    when: [linkDown(port, 5)],
    then: (fold) => {
      expect(desired(fold).neighbours).toMatchObject(bothEntries);
      expect(desired(fold).routes.map((route) => route.linkUp)).toEqual([false, false]);
    },
    logOrderDecides: 'a link is a level that is re-read',
  });

  it('announces nothing for a port whose link nobody ever reported', () => {
    expect(desired(fold(sold)).routes.map((route) => route.linkUp)).toEqual([false, false]);
    expect(desired(fold([...sold, linkUp('leaf1:Ethernet17', 4)])).routes.map((one) => one.linkUp)).toEqual([
      false,
      false,
    ]);
  });

  retold('uses billing’s own link-local as the handle where there is one', {
    when: [serverAdded('s16', { customerId: 'c1', port, vlan: 16, mac, linkLocal: 'fe80::16' }, 1), ...sold.slice(1)],
    then: (fold) => {
      expect(desired(fold).neighbours[0]).toMatchObject({ address: 'fe80::16', mac });
      expect(desired(fold).routes[0]).toMatchObject({ nextHop: 'fe80::16', needs: 'fe80::16' });
    },
  });

  retold('follows a new network card and a move to another VLAN, leaving nothing stale', {
    given: sold,
    when: [serverNicReplaced('s16', { mac: '52:54:00:00:00:99' }, 5), serverMoved('s16', { port, vlan: 21 }, 6)],
    then: (fold) =>
      expect(desired(fold).neighbours).toMatchObject([
        { interface: 'vlan21', address: 'fe80::5054:ff:fe00:99', mac: '52:54:00:00:00:99' },
        { interface: 'vlan21', address, mac: '52:54:00:00:00:99' },
      ]),
  });

  retold('has nothing of a server on another switch', {
    given: sold,
    when: [serverMoved('s16', { port: 'leaf2:Ethernet1', vlan: 16 }, 5)],
    then: (fold) => {
      expect(desired(fold)).toEqual({ ...nothing, withheld: [] });
      expect(desiredState(fold.map, { ...view, switch: 'leaf2' }).neighbours).toHaveLength(2);
    },
  });

  retold('has nothing of a removed server, and says nothing of it', {
    given: sold,
    when: [serverRemoved('s16', {}, 5)],
    then: (fold) => expect(desired(fold)).toEqual({ ...nothing, withheld: [] }),
  });

  retold('has one entry and one route for an address that two add-ons name', {
    given: sold,
    when: [ipv4AddOnBought('s16', { addOnId: 'a2', address }, 5)],
    then: (fold) => {
      expect(desired(fold).neighbours).toMatchObject(bothEntries);
      expect(desired(fold).routes).toHaveLength(2);
    },
  });
});

describe('the cause of a line', () => {
  const waiting = [...sold, rival, ipv4AddOnBought('s17', { addOnId: 'a1', address }, 5)];
  const causes = (facts: readonly Fact[]) =>
    Object.fromEntries(desired(fold(facts)).neighbours.map((one) => [`${one.serverId} ${one.address}`, one.cause]));

  it('is the event that last changed what billing says of the server', () =>
    expect(causes(sold)).toEqual({ [`s16 ${linkLocal}`]: 2, [`s16 ${address}`]: 2 }));

  it('is the event by which another server let go of what this one waited for', () => {
    const log = [...waiting, ipv4AddOnCancelled('s16', { addOnId: 'a1' }, 6)];
    expect(causes(log)[`s17 ${address}`]).toBe(5);
    expect(causes([...log, linkUp(port, 7)])[`s17 ${address}`]).toBe(5);
  });

  it('is the removal of the holder, also for a server that waited for its VLAN', () => {
    const second = serverAdded('s17', { customerId: 'c2', port, vlan: 16, mac: '52:54:00:00:00:17' }, 5);
    expect(causes([...sold, second, serverRemoved('s16', {}, 6)])['s17 fe80::5054:ff:fe00:17']).toBe(4);
  });

  it('is its own again once the server waits for nothing and is changed', () => {
    const log = [
      ...waiting,
      ipv4AddOnCancelled('s16', { addOnId: 'a1' }, 6),
      serverNicReplaced('s17', { mac: '52:54:00:00:00:99' }, 7),
    ];
    expect(causes(log)[`s17 ${address}`]).toBe(6);
  });

  it('of a route is also the event that brought its link up', () => {
    const routes = desired(fold([...sold, linkUp(port, 4)])).routes;
    expect(routes.map((one) => one.cause)).toEqual([3, 3]);
  });
});

describe('something sold is withheld, with its reason,', () => {
  const server = (reason: string) => [{ serverId: 's16', what: 'server', reason }];

  retold('while the server is suspended', {
    given: sold,
    when: [serverSuspended('s16', {}, 5)],
    then: (fold) =>
      expect(desired(fold)).toEqual({
        ...nothing,
        withheld: server('suspended by billing (outbound NOT blocked: this device has no guard)'),
      }),
  });

  retold('while its MAC is not known', {
    when: [serverAdded('s16', { customerId: 'c1', port, vlan: 16 }, 1), ...sold.slice(1)],
    then: (fold) => expect(desired(fold)).toEqual({ ...nothing, withheld: server('its MAC is not known yet') }),
  });

  retold('while the server was not added', {
    when: [serverMoved('s16', { port, vlan: 16 }, 1), ...sold.slice(1)],
    then: (fold) => expect(desired(fold)).toEqual({ ...nothing, withheld: server('the server was not added yet') }),
  });

  retold('while another server holds its VLAN', {
    given: sold,
    when: [serverAdded('s17', { customerId: 'c2', port, vlan: 16, mac: '52:54:00:00:00:17' }, 5)],
    then: (fold) => {
      expect(desired(fold).neighbours).toMatchObject(bothEntries);
      expect(withheld(fold)).toEqual([{ serverId: 's17', what: 'server', reason: 'vlan leaf1/16 is held by s16' }]);
    },
    logOrderDecides: 'who stands first in line',
  });

  retold('an address that another server holds, and only that', {
    given: [...sold, rival],
    when: [
      ipv4AddOnBought('s17', { addOnId: 'a1', address }, 5),
      ipv4AddOnBought('s17', { addOnId: 'a2', address: '198.51.100.17' }, 6),
    ],
    then: (fold) => {
      expect(withheld(fold)).toEqual([{ serverId: 's17', what: address, reason: 'held by s16' }]);
      expect(
        desired(fold)
          .neighbours.filter((one) => one.serverId === 's17')
          .map((one) => one.address),
      ).toEqual(['fe80::5054:ff:fe00:17', '198.51.100.17']);
    },
    logOrderDecides: 'who stands first in line',
  });

  retold('a prefix that another server holds: its route, not the entry', {
    given: [...sold, rival],
    when: [ipv6PrefixAssigned('s17', { prefix: '2001:db8:16:1::/64' }, 5)],
    then: (fold) => {
      expect(withheld(fold)).toEqual([{ serverId: 's17', what: '2001:db8:16:1::/64', reason: 'held by s16' }]);
      expect(desired(fold).neighbours.some((one) => one.serverId === 's17')).toBe(true);
      expect(desired(fold).routes.some((one) => one.serverId === 's17')).toBe(false);
    },
    logOrderDecides: 'who stands first in line',
  });

  retold('an add-on for which no address was allocated', {
    given: [added],
    when: [ipv4AddOnBought('s16', { addOnId: 'a1' }, 2)],
    then: (fold) =>
      expect(withheld(fold)).toEqual([
        { serverId: 's16', what: 'a1', reason: 'bought without an address, none allocated yet' },
      ]),
  });

  const declared = (data: { addresses?: string[]; macs?: string[]; vlans?: number[] }): Fact =>
    gatewayDeclared('leaf1', { addresses: [], macs: [], ...data }, 9);

  retold('an address that is the gateway’s', {
    given: sold,
    when: [declared({ addresses: [address] })],
    then: (fold) => {
      expect(withheld(fold)).toEqual([{ serverId: 's16', what: address, reason: 'is an address of the gateway' }]);
      expect(desired(fold).neighbours.map((one) => one.address)).toEqual([linkLocal]);
    },
  });

  retold('a server whose MAC is the gateway’s', {
    given: sold,
    when: [declared({ macs: ['02:00:00:00:00:01', mac] })],
    then: (fold) => expect(desired(fold)).toEqual({ ...nothing, withheld: server(`its MAC ${mac} is the gateway's`) }),
  });

  retold('a server whose link-local is the gateway’s', {
    given: sold,
    when: [declared({ addresses: [linkLocal] })],
    then: (fold) =>
      expect(desired(fold)).toEqual({ ...nothing, withheld: server(`its link-local ${linkLocal} is the gateway's`) }),
  });

  retold('only on the VLANs the gateway serves, and only until it is retired', {
    given: [...sold, rival],
    when: [declared({ macs: [mac], vlans: [17] })],
    then: (fold) => expect(withheld(fold)).toEqual([]),
  });
  retold('no longer once the gateway is retired', {
    given: [...sold, declared({ macs: [mac] })],
    when: [gatewayRetired('leaf1', 10)],
    then: (fold) => expect(withheld(fold)).toEqual([]),
  });
});

describe('the version of what a map grants', () => {
  const facts = [
    gatewayDeclared('leaf1', { addresses: ['fe80::1'], macs: ['02:00:5e:00:00:01'] }, 0),
    ...sold,
    linkUp(port, 4),
  ];

  it('grows with every fact that the desired state of some device follows, and stays for what only a sensor saw', () => {
    const versions = facts.map((_, index) => fold(facts.slice(0, index + 1)).map.grantsVersion);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    const seen = fold([...facts, macSeen(port, { vlan: 16, mac }, 5)]);
    expect(seen.map.grantsVersion).toBe(versions.at(-1));
  });
});
