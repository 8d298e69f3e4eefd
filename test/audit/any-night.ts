import fc from '../support/property.js';
import { addresses, anyHistory, macs, moment, momentText, ports, prefixes } from './any-history.js';
import type { Told } from './memory-log.js';

const servers = ['a', 'b', 'c'];
const server = fc.constantFrom(...servers);
const port = fc.constantFrom(...ports);
const mac = fc.constantFrom(...macs);
const claimed = fc.constantFrom(...addresses, '2001:db8:1::5', 'fe80::5054:ff:fe00:1');
const violationId = fc.constantFrom('v1', 'v2', 'v3');
const noon = '2026-03-02T12:00:00Z';

const line = fc
  .record(
    {
      line: claimed.map((address) => `neighbour ${address} vlan11 52:54:00:00:00:01`),
      serverId: server,
      cause: fc.oneof(fc.nat({ max: 40 }), fc.constantFrom('drift', 'configuration')),
    },
    { requiredKeys: ['line', 'cause'] },
  )
  .map((said) => ({ change: 'add', kind: 'neighbour', readBack: 'present', ...said }));

const customer = fc.constantFrom('of-a', 'of-b', 'c');
const customerOrder = fc.constantFrom('net-1', 'net-2');
const delegated = fc.constantFrom('2001:db8::/40', '2001:db8:1::/48', '2001:db8:1:8000::/56', '2001:db8:2::/48');

const dataOf: Record<string, fc.Arbitrary<object>> = {
  LinkUp: fc.record({ port }),
  LinkDown: fc.record({ port }),
  MacSeen: fc.record({ port, vlan: fc.constantFrom(11, 12), mac }),
  ServerMacAdded: fc.record({ serverId: server, mac, purpose: fc.constant('management') }),
  ServerMacEnrolled: fc.record({ serverId: server, mac, firstSeen: fc.constant(noon) }),
  Ipv4AddressAllocated: fc.record({
    serverId: server,
    addOnId: fc.constantFrom('p', 'q'),
    address: fc.constantFrom(...addresses.slice(0, 2)),
    poolId: fc.constant('v4-a'),
  }),
  Ipv6PrefixOrdered: fc.record({ serverId: server, orderId: fc.constantFrom('o', 'p') }),
  Ipv6PrefixAllocated: fc.record({
    serverId: server,
    orderId: fc.constantFrom('o', 'p'),
    prefix: fc.constant('2001:db8:1:1::/64'),
    customerId: server.map((id) => `of-${id}`),
  }),
  CustomerPrefixDelegated: fc.record({ customerId: customer, prefix: delegated }),
  CustomerPrefixWithdrawn: fc.record({ customerId: customer, prefix: delegated }),
  CustomerPrefixOrdered: fc.record({ customerId: customer, orderId: customerOrder, site: fc.constant('default') }),
  CustomerPrefixOrderCancelled: fc.record({ customerId: customer, orderId: customerOrder }),
  CustomerPrefixAllocated: fc.record({
    ...{ customerId: customer, orderId: customerOrder, site: fc.constant('default'), poolId: fc.constant('nets') },
    prefix: fc.constantFrom('2001:db8:1::/48', '2001:db8:2::/48'),
  }),
  ViolationDetected: fc
    .record({
      violationId,
      etherSource: mac,
      claimedMac: mac,
      claimedAddress: claimed,
      port,
      victimServerId: server,
      offenderServerId: server,
    })
    .map((about) => ({
      ...{ rule: 'address-spoof', ruleVersion: 1, severity: 'high', sensor: 's', attribution: 'interface' },
      ...{ site: 'default', switch: 'leaf1', observation: 'arp-reply', frameTime: noon, detail: 'a claim' },
      ...about,
    })),
  ViolationRepeated: violationId.map((id) => ({
    ...{ violationId: id, count: 2, firstFrameTime: noon, lastFrameTime: noon },
  })),
  ContainmentRequested: fc
    .record({ violationId, serverId: server })
    .map((about) => ({ ...about, by: 'token:night', reason: 'it spoofs', evidence: 'https://ledger.example/v/1' })),
  ContainmentRefused: fc.record({ serverId: server, violationId }).map((about) => ({ ...about, reason: 'not now' })),
  ReconcileFinished: fc.record({ lines: fc.array(line, { maxLength: 4 }) }).map(({ lines }) => ({
    ...{ planId: 'p', device: 'leaf1', part: 1, of: 1, outcome: 'confirmed', lines },
  })),
};

const weights: Record<string, number> = {
  ...{ ReconcileFinished: 6, ViolationDetected: 4 },
  ...{ CustomerPrefixOrdered: 3, CustomerPrefixAllocated: 3, CustomerPrefixDelegated: 2 },
};

const networkFact: fc.Arbitrary<Told> = fc.oneof(
  ...Object.entries(dataOf).map(([type, data]) => ({
    weight: weights[type] ?? 1,
    arbitrary: fc.record({ type: fc.constant(type), data, time: fc.nat({ max: 12 }).map(momentText) }),
  })),
);

/** Servers that are sold the same few things, so that most nights have holders, rivals and causes. */
const sales: fc.Arbitrary<Told[]> = fc
  .tuple(
    ...servers.map((serverId) =>
      fc.record({ port, vlan: fc.constantFrom(11, 12), mac, address: fc.constantFrom(...addresses) }).map((sold) => {
        const { address, ...place } = sold;
        return [
          { type: 'ServerAdded', data: { serverId, customerId: `of-${serverId}`, ...place }, time: momentText(1) },
          { type: 'Ipv4AddOnBought', data: { serverId, addOnId: 'p', address }, time: momentText(2) },
          { type: 'Ipv6PrefixAssigned', data: { serverId, prefix: prefixes[1] }, time: momentText(3) },
        ];
      }),
    ),
  )
  .map((all) => all.flat());

/** Histories as of `anyHistory`, among them what the network showed, what was found wrong and what devices were told. */
export const anyNight: fc.Arbitrary<Told[]> = fc
  .tuple(
    anyHistory,
    fc.array(fc.tuple(networkFact, fc.nat()), { minLength: 4, maxLength: 24, size: 'max' }),
    sales,
    fc.boolean(),
  )
  .map(([history, seen, sold, isSold]) => {
    const network = isSold ? [...sold.map((told): [Told, number] => [told, 0]), ...seen] : seen;
    const night: { readonly told: Told; readonly place?: number }[] = history.map((told, place) => ({ told, place }));
    for (const [told, at] of network) night.splice(at % (night.length + 1), 0, { told });
    // A skip names the event that it is about by its place, which has moved.
    return night.map(({ told }, index) => {
      const recordedAt = momentText(12 + Math.floor(index / 4));
      if (told.type !== 'EventSkipped') return { ...told, recordedAt };
      const { eventId } = told.data as { readonly eventId: string };
      const moved = night.findIndex(({ place }) => place === Number(eventId.slice(-12)));
      const data = { ...told.data, eventId: eventId.slice(0, -12) + String(moved).padStart(12, '0') };
      return { ...told, data, recordedAt };
    });
  });

/** What may be asked about such a night. */
export const questions = [
  ...addresses,
  '2001:db8:1::5',
  'fe80::5054:ff:fe00:1',
  ...prefixes.map((prefix) => `prefix:${prefix}`),
  'prefix:2001::/16',
  'prefix:2001:db8:1::5/128',
  ...macs.map((one) => `mac:${one}`),
  ...ports.map((one) => `port:${one}`),
  ...servers.map((one) => `server:${one}`),
];

/** A moment of the night on either axis; undefined: all of it. */
export const anyAt: fc.Arbitrary<number | undefined> = fc.option(fc.integer({ min: -1, max: 13 }).map(moment), {
  nil: undefined,
});
export const anyKnownAt = fc.option(
  fc.oneof(
    fc.nat({ max: 45 }).map((ordinal) => ({ ordinal })),
    fc.integer({ min: 11, max: 24 }).map((n) => ({ recordedAt: moment(n) })),
  ),
  { nil: undefined },
);
