import { desiredGuard, desiredState, mapHash } from '../../projections/index.js';
import {
  fold,
  gatewayDeclared,
  ipv4AddOnBought,
  ipv6PrefixAssigned,
  linkUp,
  serverAdded,
  serverMacAdded,
  serverMacEnrolled,
  serverMacRemoved,
  serverNicReplaced,
  serverRemoved,
} from '../support/history.js';
import { retold } from '../support/retold.js';
import { expectSame, withoutPositions } from '../support/told.js';

const port = 'leaf1:Ethernet16';
const mac = '52:54:00:00:00:16';
const beside = '52:54:00:00:02:16';
const sold = serverAdded('s16', { customerId: 'c1', port, vlan: 16, mac }, 1);
const boughtMac = serverMacAdded('s16', { mac: beside, purpose: 'management' }, 2);
const view = { switch: 'leaf1', interfacePattern: 'vlan{vlan}', med: 0 };

describe('a MAC beside a server’s own', () => {
  retold('is allowed as long as billing says so', {
    when: [sold, boughtMac, serverMacRemoved('s16', { mac: beside }, 4)],
    then: ({ map }) => expect(map.binding('s16')?.otherMacs).toEqual([]),
  });

  retold('is allowed again by a later word, whatever order the words arrive in', {
    when: [
      sold,
      boughtMac,
      serverMacRemoved('s16', { mac: beside }, 4),
      serverMacAdded('s16', { mac: beside, purpose: 'bond' }, 5),
    ],
    then: ({ map }) => expect(map.binding('s16')?.otherMacs).toEqual([beside]),
  });

  retold('goes with the server, and does not come back with its next life', {
    when: [
      sold,
      boughtMac,
      serverRemoved('s16', {}, 5),
      serverAdded('s16', { customerId: 'c2', port, vlan: 16, mac }, 6),
    ],
    then: ({ map }) => {
      expect(map.binding('s16')?.otherMacs).toEqual([]);
      expect(map.bindingsOfMac(beside)).toEqual([]);
    },
  });

  retold('finds its server, and claims nothing', {
    when: [
      sold,
      boughtMac,
      serverAdded('s17', { customerId: 'c2', port: 'leaf1:Ethernet17', vlan: 17, mac: beside }, 3),
    ],
    then: ({ map }) => {
      expect(map.bindingsOfMac(beside).map((one) => one.serverId)).toEqual(['s16', 's17']);
      expect(map.binding('s17')?.state).toBe('active');
      expect(map.binding('s16')?.conflicts).toEqual([]);
    },
  });

  it('is never a next hop: neighbour entries and routes stay as they were', () => {
    const facts = [
      sold,
      linkUp(port, 1),
      ipv6PrefixAssigned('s16', { prefix: '2001:db8:16::/48' }, 1),
      ipv4AddOnBought('s16', { addOnId: 'a1', address: '198.51.100.16' }, 1),
    ];
    const lines = (all: typeof facts): unknown => {
      const { neighbours, routes, withheld } = desiredState(fold(all).map, view);
      const plain = (line: object): object => ({ ...line, cause: 0, epoch: 0 });
      return [neighbours.map(plain), routes.map(plain), withheld];
    };
    expectSame(lines([...facts, boughtMac]), lines(facts));
    // It is granted all the same: the map has another hash.
    expect(mapHash(fold([...facts, boughtMac]).map)).not.toBe(mapHash(fold(facts).map));
  });

  it('is no next hop either while billing names no MAC of the server’s own', () => {
    const facts = [
      serverAdded('s16', { customerId: 'c1', port, vlan: 16 }, 1),
      linkUp(port, 1),
      ipv6PrefixAssigned('s16', { prefix: '2001:db8:16::/48' }, 1),
      boughtMac,
    ];
    const { map } = fold(facts);
    expect(map.binding('s16')).toMatchObject({ state: 'pending', mac: undefined, otherMacs: [beside] });
    const { neighbours, routes } = desiredState(map, view);
    expect([neighbours, routes]).toEqual([[], []]);
  });

  it('is let in by the guard of its port, unless it is the gateway’s', () => {
    const gateways = '02:00:00:00:00:01';
    const facts = [
      gatewayDeclared('leaf1', { addresses: ['fe80::1'], macs: [gateways] }, 0),
      sold,
      boughtMac,
      serverMacAdded('s16', { mac: gateways, purpose: 'vrrp' }, 3),
    ];
    const [guard] = desiredGuard(fold(facts).map, view, ['vlan16']);
    expect(guard?.macs).toEqual([mac, beside]);
  });
});

describe('an enrolled MAC', () => {
  const asked = serverAdded('s16', { customerId: 'c1', port, vlan: 16, enrolment: 'first-seen' }, 1);
  const enrolled = serverMacEnrolled('s16', { mac: beside, firstSeen: '2026-01-01T00:01:10Z' }, 3);
  const macOfServer = (map: ReturnType<typeof fold>['map']): string | undefined => map.binding('s16')?.mac;

  retold('is the server’s where the sale asked for it and billing names none', {
    when: [asked, enrolled],
    then: ({ map }) => {
      expect(map.binding('s16')).toMatchObject({ mac: beside, state: 'active', linkLocal: 'fe80::5054:ff:fe00:216' });
      expect(map.bindingsOfMac(beside)).toHaveLength(1);
    },
  });

  retold('gives way to the MAC that billing names, whatever the time of either', {
    when: [asked, enrolled, serverNicReplaced('s16', { mac }, 2)],
    then: ({ map }) => expect(macOfServer(map)).toBe(mac),
  });

  retold('grants nothing to a server that was not sold so', {
    when: [serverAdded('s16', { customerId: 'c1', port, vlan: 16 }, 1), enrolled],
    then: ({ map }) => expect(map.binding('s16')).toMatchObject({ mac: undefined, state: 'pending' }),
  });

  retold('is void for the next life of the server', {
    when: [asked, enrolled, serverRemoved('s16', {}, 5), { ...asked, time: '2026-01-01T00:06:00.000Z' }],
    then: ({ map }) => expect(macOfServer(map)).toBeUndefined(),
  });

  it('waits behind a server that claims the MAC there already, like any MAC', () => {
    const elder = serverAdded('s15', { customerId: 'c1', port, vlan: 16, mac: beside }, 0);
    const { map } = fold([elder, asked, enrolled]);
    expect(withoutPositions(map.binding('s16')?.conflicts)).toEqual([
      { claim: 'vlan leaf1/16', holder: 's15' },
      { claim: `mac leaf1/16/${beside}`, holder: 's15' },
    ]);
  });
});
