import fc from '../support/property.js';
import {
  type AddressPair,
  addressPairOf,
  type LogFold,
  mapGrants,
  type ObservationKind,
  type PairingPolicy,
  primaryFinding,
  ruleMemories,
} from '../../projections/index.js';
import { contestedHistories, separateHistories } from '../support/arbitrary-histories.js';
import {
  type At,
  type Fact,
  fold,
  gatewayDeclared,
  ipv4AddOnBought,
  ipv4AddOnCancelled,
  ipv4AddressAllocated,
  ipv6PrefixAssigned,
  ipv6PrefixReleased,
  serverAdded,
  serverMoved,
  serverNicReplaced,
  serverRemoved,
  serverSuspended,
  serverTransferred,
} from '../support/history.js';
import { retold } from '../support/retold.js';
import { expectSame } from '../support/told.js';
import { foldOf, heardOn, rack } from './rules/rack.js';

const policies: readonly PairingPolicy[] = ['server', 'mac'];
const mac = '52:54:00:00:00:16';
const added = serverAdded('s1', { customerId: 'c1', port: 'leaf1:Ethernet16', vlan: 16, mac }, 0);
const prefix = (text = '2001:db8:16::/48', at: At = 1): Fact => ipv6PrefixAssigned('s1', { prefix: text }, at);
const bought = (addOnId: string, address: string, at: At): Fact => ipv4AddOnBought('s1', { addOnId, address }, at);
const cancelled = (addOnId: string, at: At): Fact => ipv4AddOnCancelled('s1', { addOnId }, at);

function pairIn({ map }: LogFold, policy: PairingPolicy = 'server', serverId = 's1'): AddressPair | undefined {
  const binding = map.binding(serverId);
  return binding && addressPairOf(map, binding, policy);
}

function pairsIn({ map }: LogFold, policy: PairingPolicy): AddressPair[] {
  return [...map.bindings()].flatMap((one) => addressPairOf(map, one, policy) ?? []);
}

describe('the pair of a server by policy "server"', () => {
  retold('is its IPv4 address and the same 32 bits in the first /64 of its prefix', {
    when: [added, prefix(), bought('a1', '198.51.100.16', 2)],
    then: (told) =>
      expect(pairIn(told)).toEqual({
        serverId: 's1',
        mac,
        ipv4: '198.51.100.16',
        ipv6: '2001:db8:16::c633:6410',
        prefix: '2001:db8:16::/48',
        withheld: [],
      }),
  });

  retold('follows a replaced NIC unchanged', {
    when: [
      added,
      prefix(),
      bought('a1', '198.51.100.16', 2),
      serverNicReplaced('s1', { mac: '52:54:00:00:00:99' }, 3),
      serverMoved('s1', { port: 'leaf1:Ethernet17', vlan: 17 }, 4),
      serverSuspended('s1', {}, 5),
      serverTransferred('s1', { customerId: 'c2' }, 6),
    ],
    then: (told) =>
      expect(pairIn(told)).toMatchObject({
        mac: '52:54:00:00:00:99',
        ipv4: '198.51.100.16',
        ipv6: '2001:db8:16::c633:6410',
      }),
  });

  retold('has the identifier 2 while no IPv4 address is sold', {
    when: [added, prefix()],
    then: (told) => {
      expect(pairIn(told)).toMatchObject({ ipv6: '2001:db8:16::2' });
      expect(pairIn(told)).not.toHaveProperty('ipv4');
    },
  });

  retold('is an IPv4 address alone while no prefix is sold', {
    when: [added, bought('a1', '198.51.100.16', 2)],
    then: (told) => expect(pairIn(told)).toEqual({ serverId: 's1', mac, ipv4: '198.51.100.16', withheld: [] }),
  });
});

describe('the pair of a server by policy "mac"', () => {
  retold('has the EUI-64 of the MAC, and another with another NIC', {
    given: [added, prefix(), bought('a1', '198.51.100.16', 2)],
    when: [serverNicReplaced('s1', { mac: '52:54:00:00:00:99' }, 3)],
    then: (told) =>
      expect(pairIn(told, 'mac')).toMatchObject({ ipv4: '198.51.100.16', ipv6: '2001:db8:16:0:5054:ff:fe00:99' }),
  });

  retold('falls back on the IPv4 address where the EUI-64 is reserved (RFC 5453)', {
    when: [
      serverAdded('s1', { customerId: 'c1', port: 'leaf1:Ethernet16', vlan: 16, mac: '00:00:5e:00:01:0a' }, 0),
      prefix(),
      bought('a1', '198.51.100.16', 2),
    ],
    then: (told) => expect(pairIn(told, 'mac')).toMatchObject({ ipv6: '2001:db8:16::c633:6410' }),
  });
});

describe.each([
  ['2001:db8:16::/64', '2001:db8:16::c633:6410', '2001:db8:16:0:5054:ff:fe00:16'],
  ['2001:db8:16:0:1::/80', '2001:db8:16:0:1:0:c633:6410', '2001:db8:16:0:1:0:c633:6410'],
  ['2001:db8:16:0:1:2::/96', '2001:db8:16:0:1:2:c633:6410', '2001:db8:16:0:1:2:c633:6410'],
  ['2001:db8:16:0:1:2:3:0/112', '2001:db8:16:0:1:2:3:2', '2001:db8:16:0:1:2:3:2'],
  ['2001:db8:16::4/126', '2001:db8:16::6', '2001:db8:16::6'],
  ['2001:db8:16::4/127', '2001:db8:16::5', '2001:db8:16::5'],
  ['2001:db8:16::4/128', '2001:db8:16::4', '2001:db8:16::4'],
])('in the prefix %s', (sold, byServer, byMac) => {
  const told = fold([added, prefix(sold), bought('a1', '198.51.100.16', 2)]);

  it.each([
    ['server', byServer],
    ['mac', byMac],
  ] as const)('the address by policy "%s" is %s', (policy, address) =>
    expect(pairIn(told, policy)).toMatchObject({ ipv6: address, prefix: sold, withheld: [] }),
  );
});

describe('of several that are sold', () => {
  const first = [added, prefix(), bought('b', '198.51.100.20', 2)];
  const later = [
    bought('a', '198.51.100.10', 3),
    bought('c', '198.51.100.30', 1),
    prefix('2001:db8:10::/48', 1),
    bought('b', '198.51.100.20', 9),
  ];

  it('the pair has what is held longest, whatever is bought later, back-dated or said again', () => {
    expect(pairIn(fold([...first, ...later]))).toMatchObject({
      ipv4: '198.51.100.20',
      ipv6: '2001:db8:16::c633:6414',
      prefix: '2001:db8:16::/48',
    });
  });

  it('the next in line takes the place of what ends', () => {
    const ended = [
      ...first,
      ...later,
      cancelled('b', 10),
      ipv6PrefixReleased('s1', { prefix: '2001:db8:16::/48' }, 10),
    ];
    expect(pairIn(fold(ended))).toMatchObject({ ipv4: '198.51.100.10', ipv6: '2001:db8:10::c633:640a' });
  });

  it('the lowest address and the shortest prefix count where one event gave them all', () => {
    const given = [
      bought('a', '198.51.100.10', 1),
      bought('b', '198.51.100.9', 1),
      prefix('2001:db8:1::/56'),
      prefix('2001:db8:f::/48'),
      added,
    ];
    expect(pairIn(fold(given))).toMatchObject({ ipv4: '198.51.100.9', prefix: '2001:db8:f::/48' });
  });

  it('an address allocated to an add-on counts from then on, not from when the add-on was bought without one', () => {
    const unallocated = [added, prefix(), ipv4AddOnBought('s1', { addOnId: 'a' }, 1)];
    const allocated = (addOnId: string, at: At): Fact =>
      ipv4AddressAllocated('s1', { addOnId, address: '198.51.100.10', poolId: 'pool-1' }, at);
    expect(pairIn(fold([...unallocated, allocated('a', 2)]))).toMatchObject({
      ipv4: '198.51.100.10',
      ipv6: '2001:db8:16::c633:640a',
    });
    const second = [...unallocated, bought('b', '198.51.100.20', 2), allocated('a', 3)];
    expect(fold(second).map.holderOfAddress('198.51.100.10')?.serverId).toBe('s1');
    expect(pairIn(fold(second))).toMatchObject({ ipv4: '198.51.100.20' });
  });

  it('an address that waited behind another server does not push out the one the pair has', () => {
    const waiting = [
      serverAdded('s2', { customerId: 'c2', port: 'leaf1:Ethernet17', vlan: 17, mac: '52:54:00:00:00:17' }, 0),
      ipv4AddOnBought('s2', { addOnId: 'x', address: '198.51.100.10' }, 0),
      added,
      bought('a', '198.51.100.10', 1),
      bought('b', '198.51.100.20', 2),
    ];
    expect(pairIn(fold(waiting))).toMatchObject({ ipv4: '198.51.100.20' });
    const freed = [...waiting, ipv4AddOnCancelled('s2', { addOnId: 'x' }, 3)];
    expect(fold(freed).map.holderOfAddress('198.51.100.10')?.serverId).toBe('s1');
    expect(pairIn(fold(freed))).toMatchObject({ ipv4: '198.51.100.20' });
  });
});

describe('an address is withheld, and not replaced by another,', () => {
  it.each(policies)('where it is the gateway’s (policy "%s")', (policy) => {
    const facts = [added, prefix(), bought('a1', '198.51.100.16', 2)];
    const ipv6 = pairIn(fold(facts), policy)?.ipv6 ?? '';
    const gateway = gatewayDeclared(
      'leaf1',
      { addresses: ['fe80::1', ipv6, '198.51.100.16'], macs: ['02:00:00:00:00:01'] },
      3,
    );
    const pair = pairIn(fold([...facts, gateway]), policy);
    expect(pair).toEqual({
      serverId: 's1',
      mac,
      prefix: '2001:db8:16::/48',
      withheld: [
        { what: '198.51.100.16', reason: 'is an address of the gateway' },
        { what: ipv6, reason: 'is an address of the gateway' },
      ],
    });
  });

  it('where a longer prefix of the same customer leads to another server', () => {
    const nested = [
      added,
      prefix(),
      serverAdded('s2', { customerId: 'c1', port: 'leaf1:Ethernet17', vlan: 17, mac: '52:54:00:00:00:17' }, 0),
      ipv6PrefixAssigned('s2', { prefix: '2001:db8:16::/64' }, 2),
    ];
    const pair = pairIn(fold(nested));
    expect(pair).not.toHaveProperty('ipv6');
    expect(pair?.withheld).toEqual([{ what: '2001:db8:16::2', reason: 'lies in what s2 holds' }]);
    expect(pairIn(fold(nested), 'server', 's2')).toMatchObject({ ipv6: '2001:db8:16::2', withheld: [] });
  });

  it.each([
    ['2001:db8:16:0:fdff:ffff:ffff:ff80/121', '2001:db8:16:0:fdff:ffff:ffff:ff82'],
    ['2001:db8:16:0:200:5eff:fe00:0/112', '2001:db8:16:0:200:5eff:fe00:2'],
  ])('where %s leaves it only a reserved interface identifier', (sold, what) =>
    expect(pairIn(fold([added, prefix(sold)]))?.withheld).toEqual([
      { what, reason: 'has a reserved interface identifier (RFC 5453)' },
    ]),
  );

  it.each([
    ['2001:db8:16:0:fdff:ffff:ffff:ff80/127', '2001:db8:16:0:fdff:ffff:ffff:ff81'],
    ['2001:db8:16:0:fdff:ffff:ffff:ff80/128', '2001:db8:16:0:fdff:ffff:ffff:ff80'],
  ])('but not where %s was sold as just that', (sold, ipv6) =>
    expect(pairIn(fold([added, prefix(sold)]))).toMatchObject({ ipv6, withheld: [] }),
  );
});

describe('no pair', () => {
  it.each([
    ['has a server of which no MAC is known', [serverAdded('s1', { customerId: 'c1', port: 'l:E1', vlan: 1 }, 0)]],
    ['has a removed server', [added, prefix(), serverRemoved('s1', {}, 5)]],
    ['has a server that was not added yet', [prefix(), bought('a1', '198.51.100.16', 2)]],
    [
      'has a server whose MAC on its VLAN another holds',
      [serverAdded('s0', { customerId: 'c0', port: 'leaf1:Ethernet1', vlan: 16, mac }, 0), added, prefix()],
    ],
  ])('%s', (_rule, facts) => expect(pairIn(fold(facts))).toBeUndefined());
});

describe.each(policies)('by policy "%s", over any history,', (policy) => {
  it('no two servers share an address, and every address of a pair is what the map holds for its server', () => {
    fc.assert(
      fc.property(contestedHistories(), (history) => {
        const told = fold(history);
        const pairs = pairsIn(told, policy);
        const given = pairs.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6].filter((one) => one !== undefined));
        expectSame([...new Set(given)].sort(), [...given].sort());
        for (const { serverId, ipv4, ipv6 } of pairs)
          for (const address of [ipv4, ipv6])
            if (address !== undefined) expectSame(told.map.holderOfAddress(address)?.serverId, serverId);
      }),
      { numRuns: 300 },
    );
  });

  it('any order of delivery gives the pair of a server that has no two addresses or prefixes to choose from', () => {
    const redelivered = separateHistories().chain((history) =>
      fc
        .shuffledSubarray(history, { minLength: history.length, maxLength: history.length })
        .map((delivery) => [history, delivery] as const),
    );
    let compared = 0;
    fc.assert(
      fc.property(redelivered, ([history, delivery]) => {
        const [told, toldAgain] = [fold(history), fold(delivery)];
        for (const { serverId, addresses, prefixes } of told.map.bindings()) {
          if (addresses.length > 1 || prefixes.length > 1) continue;
          const pair = pairIn(told, policy, serverId);
          if (pair?.ipv4 !== undefined && pair.ipv6 !== undefined) compared++;
          expectSame(pairIn(toldAgain, policy, serverId), pair);
        }
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(0);
  });

  it('an event that is told twice changes no pair', () => {
    fc.assert(
      fc.property(contestedHistories(), (history) => {
        const twice = history.flatMap((one) => [one, one]);
        expectSame(pairsIn(fold(twice), policy), pairsIn(fold(history), policy));
      }),
      { numRuns: 300 },
    );
  });

  it('an add-on bought or cancelled later, back-dated too, by anybody, changes no pair that stands', () => {
    const another = fc.record({
      serverId: fc.constantFrom('s1', 's2', 's3'),
      addOnId: fc.constantFrom('a1', 'a2', 'a3'),
      address: fc.option(fc.constantFrom('198.51.100.1', '198.51.100.2', '198.51.100.3'), { nil: undefined }),
      at: fc.integer({ min: -5, max: 200 }),
    });
    let compared = 0;
    fc.assert(
      fc.property(contestedHistories(), fc.array(another, { maxLength: 4 }), (history, others) => {
        const before = fold(history);
        const standing = pairsIn(before, policy).filter(({ ipv4 }) => ipv4 !== undefined);
        const more = others.flatMap(({ serverId, addOnId, address, at }) => {
          const own = pairsIn(before, policy).find((one) => one.serverId === serverId)?.ipv4;
          const sold = before.map.binding(serverId)?.addresses ?? [];
          if (own !== undefined && sold.some((one) => one.addOnId === addOnId && one.address === own)) return [];
          return address === undefined
            ? [ipv4AddOnCancelled(serverId, { addOnId }, at)]
            : [ipv4AddOnBought(serverId, { addOnId, address }, at)];
        });
        const after = fold([...history, ...more]);
        compared += more.length > 0 ? standing.length : 0;
        for (const pair of standing) expectSame(pairIn(after, policy, pair.serverId), pair);
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(0);
  });
});

describe.each(policies)('whoever claims an address of a pair by policy "%s"', (policy) => {
  const told = foldOf(rack);
  const grants = mapGrants(told.map, told.ordinal);
  const found = (number: 11 | 16 | 66, kind: ObservationKind, claimedAddress: string) =>
    primaryFinding(heardOn(number, { kind, claimedAddress }), grants, ruleMemories())?.rule.name;

  it.each([11, 16, 66] as const)(
    'is found on every port but that of server %i, by the rules for what is sold',
    (own) => {
      const pair = pairIn(told, policy, `srv-${own}`);
      expect([pair?.ipv4, pair?.ipv6]).not.toContain(undefined);
      for (const [kind, address = ''] of [
        ['arp-reply', pair?.ipv4],
        ['neighbour-advertisement', pair?.ipv6],
      ] as const)
        for (const port of [11, 16, 66] as const)
          expect(found(port, kind, address)).toBe(port === own ? undefined : 'address-spoof');
    },
  );
});
