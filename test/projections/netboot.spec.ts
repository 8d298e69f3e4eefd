import { ipv4Number, type Ipv4Prefix } from '../../events/index.js';
import { desiredDhcp, desiredGuard, desiredState, netbootNetwork } from '../../projections/index.js';
import { netbootVlanOf } from '../../projections/netboot.js';
import {
  addressPoolAdded,
  type Fact,
  fold,
  gatewayDeclared,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv6PrefixAssigned,
  serverAdded,
  serverSuspended,
} from '../support/history.js';
import fc from '../support/property.js';
import { retold } from '../support/retold.js';
import { grantsOf, heardOn, mac16, mac66, type Told } from './rules/rack.js';
import { addressSpoof } from '../../projections/rules/address-spoof.rule.js';
import { unassignedAddress } from '../../projections/rules/unassigned-address.rule.js';
import { ruleMemories } from '../../projections/index.js';

const prefix = '10.64.0.0/18' as Ipv4Prefix;
const view = { switch: 'leaf1', interfacePattern: 'vlan{vlan}', med: 0, netboot: prefix };
const mac = '52:54:00:00:00:16';
const board = [
  serverAdded('s16', { customerId: 'c1', port: 'leaf1:Ethernet16', vlan: 16, mac }, 1),
  ipv6PrefixAssigned('s16', { prefix: '2001:db8:16::/48' }, 2),
  gatewayDeclared('leaf1', { addresses: ['fe80::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] }, 3),
];
const bought = ipv4AddOnBought('s16', { addOnId: 'a1', address: '198.51.100.16' }, 4);
const start = { prefix: '10.64.0.64/30', gateway: '10.64.0.65', machine: '10.64.0.66' };

const granted = (facts: readonly Fact[], of = view) => {
  const { map } = fold(facts);
  const { neighbours, routes } = desiredState(map, of);
  const [guard] = desiredGuard(map, of, ['vlan16']);
  const { hosts, withheld } = desiredDhcp(map, of, 'server');
  return {
    entries: neighbours.map(({ address }) => address).filter((one) => !one.includes(':')),
    routes: routes.filter(({ family }) => family === 'ipv4').length,
    letIn: guard?.ipv4,
    started: hosts[0]?.netboot,
    ipv4: hosts[0]?.ipv4,
    withheld,
  };
};
const withStart = { entries: [start.machine], routes: 0, letIn: [start.machine], started: start, ipv4: undefined };
const without = { entries: [], routes: 0, letIn: [], started: undefined, ipv4: undefined };

describe('the private /30 of a port', () => {
  it('is one of its own for every VLAN that a /18 is asked for, and of no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4094 }), fc.integer({ min: 1, max: 4094 }), (vlan, other) => {
        const [own, its] = [netbootNetwork(prefix, vlan), netbootNetwork(prefix, other)];
        if (own === undefined || its === undefined) throw new Error('a /18 has room for every VLAN');
        expect(ipv4Number(own.gateway) % 4).toBe(1);
        expect(ipv4Number(own.machine)).toBe(ipv4Number(own.gateway) + 1);
        expect(own.prefix === its.prefix).toBe(vlan === other);
        expect(netbootVlanOf(prefix, own.machine)).toBe(vlan);
        expect(netbootVlanOf(prefix, own.gateway)).toBeUndefined();
      }),
    );
    expect(netbootVlanOf(prefix, '10.64.64.2')).toBeUndefined();
    expect(netbootVlanOf(prefix, '10.63.255.254')).toBeUndefined();
  });

  it('is none for a VLAN beyond the prefix', () => {
    const small = '10.64.0.0/24' as Ipv4Prefix;
    expect([netbootNetwork(small, 63)?.machine, netbootNetwork(small, 64)]).toEqual(['10.64.0.254', undefined]);
  });

  retold('gives a server without IPv4 its entry, its way through the guard and its lease, and no route', {
    when: board,
    then: ({ map }) => {
      expect(desiredDhcp(map, view, 'server').hosts).toMatchObject([{ serverId: 's16', netboot: start }]);
      expect(desiredGuard(map, view, ['vlan16'])).toMatchObject([
        { ipv4: [start.machine], gateway: { ipv4: [start.gateway, '198.51.100.1'] } },
      ]);
    },
  });

  it('gives way to what is sold, and comes back when that is cancelled', () => {
    expect(granted(board)).toEqual({ ...withStart, withheld: [] });
    const address = '198.51.100.16';
    const sold = { entries: [address], routes: 1, letIn: [address], started: undefined, ipv4: address, withheld: [] };
    expect(granted([...board, bought])).toEqual(sold);
    expect(granted([...board, bought, ipv4AddOnCancelled('s16', { addOnId: 'a1' }, 5)])).toEqual({
      ...withStart,
      withheld: [],
    });
  });

  it('is nothing without a prefix, and for a server that is suspended', () => {
    const { netboot: _none, ...bare } = view;
    expect(granted(board, bare as typeof view)).toEqual({ ...without, withheld: [] });
    expect(granted([...board, serverSuspended('s16', {}, 5)])).toEqual({ ...without, withheld: [] });
  });

  it('is withheld with the reason beyond the prefix, under a pool, and where it is sold to somebody', () => {
    const reasonIn = (facts: readonly Fact[], of = view) => granted(facts, of).withheld;
    const small = { ...view, netboot: '10.64.0.0/27' as Ipv4Prefix };
    const withheld = (reason: string) => [{ serverId: 's16', what: 'netboot', reason }];
    expect(reasonIn(board, small)).toEqual(withheld('VLAN 16 lies beyond 10.64.0.0/27, which netboot has'));
    const pool = addressPoolAdded('p1', { prefix: '10.64.0.0/12', site: 'default', purpose: 'ipv4-add-on' }, 5);
    expect(granted([...board, pool])).toEqual({
      ...without,
      withheld: withheld('pool p1 overlaps 10.64.0.0/18 of netboot'),
    });
    const buyer = [
      serverAdded('s17', { customerId: 'c2', port: 'leaf2:Ethernet1', vlan: 17, mac: '52:54:00:00:00:17' }, 5),
      ipv4AddOnBought('s17', { addOnId: 'a2', address: start.machine }, 6),
    ];
    expect(granted([...board, ...buyer])).toEqual({
      ...without,
      withheld: withheld('an address of 10.64.0.64/30 is sold to s17'),
    });
  });
});

describe('a claim on the address that a machine is started with', () => {
  const told: Told[] = [16, 66].flatMap((vlan): Told[] => [
    [
      'ServerAdded',
      {
        serverId: `srv-${vlan}`,
        customerId: `c${vlan}`,
        port: `leaf1:Ethernet${vlan}`,
        vlan,
        mac: vlan === 16 ? mac16 : mac66,
      },
    ],
  ]);
  // Of 100.64.0.0/10 (RFC 6598) nothing is let pass for being private.
  const grants = grantsOf(told, new Map([['leaf1', '100.64.0.0/18' as Ipv4Prefix]]));
  const found = (port: 16 | 66, claimedAddress: string) =>
    [addressSpoof, unassignedAddress].flatMap((rule) => {
      const finding = rule.judge(heardOn(port, { claimedAddress }), grants, ruleMemories().of(rule));
      return finding === undefined ? [] : [`${rule.name} ${finding.victim?.serverId ?? ''}`.trim()];
    });

  it('is no violation on its own port', () => expect(found(16, '100.64.0.66')).toEqual([]));
  it('is address-spoof on any other, with its owner as the victim', () =>
    expect(found(66, '100.64.0.66')).toEqual(['address-spoof srv-16']));
  it('is unassigned-address where it is that of no machine', () =>
    expect(found(16, '100.64.0.70')).toEqual(['unassigned-address']));
});
