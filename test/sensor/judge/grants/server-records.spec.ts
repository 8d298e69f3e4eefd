import fc from '../../../support/property.js';
import type {
  Ipv4Address,
  Ipv6Prefix,
  MacAddress,
  PortId,
  ServerId,
  SwitchName,
  Vlan,
} from '../../../../events/index.js';
import type { ServerGrants } from '../../../../projections/index.js';
import { GrantIndex } from '../../../../src/sensor/judge/grants/grant-index.js';

const serverNumbers = [1, 2, 3, 4, 5];
const sharedMacs = [1, 2, 3].map((last) => `52:54:00:00:00:0${last}` as MacAddress);
const times = fc.integer({ min: -1000, max: 2 ** 42 });
const former = <Value>(values: readonly Value[]) =>
  fc.array(fc.record({ value: fc.constantFrom(...values), endedAt: times }), { maxLength: 3 });

/** Any record of one server. What only one server may hold has the server's number in it; all else is shared. */
const recordOf = (number: number): fc.Arbitrary<ServerGrants> => {
  const addresses = [1, 2, 3].map((last) => `198.51.${number}.${last}` as Ipv4Address);
  const prefixes = ['/32', ':1::/48', ':1:1::/64', ':1:2::/63', ':1:1:8000::/65', ':1:1::1/128', ':1:1:0:1::/96'].map(
    (rest) => `2001:db${number}${rest === '/32' ? '::' : ''}${rest}` as Ipv6Prefix,
  );
  const living = fc
    .record({
      port: fc.option(fc.constantFrom('leaf1:Ethernet1', 'leaf1:Ethernet2', 'leaf2:vlan:7'), { nil: undefined }),
      vlan: fc.option(fc.constantFrom(1, 4094), { nil: undefined }),
      suspended: fc.boolean(),
      customerId: fc.option(fc.constantFrom('c', 'c'.repeat(300)), { nil: undefined }),
      mac: fc.option(fc.constantFrom(...sharedMacs), { nil: undefined }),
      otherMacs: fc.subarray(sharedMacs),
      addresses: fc.shuffledSubarray(addresses),
      prefixes: fc.shuffledSubarray(prefixes),
    })
    .map(({ port, vlan, customerId, mac, ...rest }) => ({
      alive: true,
      ...(port !== undefined && { port: port as PortId, switch: port.split(':')[0] as SwitchName }),
      ...(vlan !== undefined && { vlan: vlan as Vlan }),
      ...(customerId !== undefined && { customerId: customerId as NonNullable<ServerGrants['customerId']> }),
      ...(mac !== undefined && { mac }),
      // Only one server may hold a VLAN.
      holdsVlan: number === 1 && port !== undefined && vlan !== undefined,
      ...rest,
    }));
  const dead = fc.constant({
    alive: false,
    suspended: false,
    holdsVlan: false,
    otherMacs: [],
    addresses: [],
    prefixes: [],
  });
  return fc
    .record({
      now: fc.oneof({ weight: 3, arbitrary: living }, dead),
      formerMacs: former(sharedMacs),
      formerAddresses: former(addresses),
    })
    .map(({ now, ...formers }) => ({ serverId: `s${number}` as ServerId, ...now, ...formers }));
};

const histories = fc.array(fc.oneof(...serverNumbers.map(recordOf)), { minLength: 1, maxLength: 40, size: 'max' });

function indexOf(records: Iterable<ServerGrants>): GrantIndex {
  const index = new GrantIndex();
  let ordinal = 0;
  for (const record of records)
    index.take({ ordinal: ordinal++, servers: [record], gateways: [], links: [], exceptions: [] });
  return index;
}

const newestOf = (history: readonly ServerGrants[]): ServerGrants[] => [
  ...new Map(history.map((record) => [record.serverId, record])).values(),
];

const leavesNothing = ({ alive, formerMacs, formerAddresses }: ServerGrants): boolean =>
  !alive && formerMacs.length + formerAddresses.length === 0;

describe('records in the packed index', () => {
  it('come out as they were put in, however many came before them', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const index = indexOf(history);
        for (const record of newestOf(history))
          expect(index.recordOf(record.serverId)).toEqual(leavesNothing(record) ? undefined : record);
        expect(index.packed.size).toBe(newestOf(history).filter((one) => !leavesNothing(one)).length);
      }),
    );
  });

  it('are found by everything they name, and by nothing that an earlier one named', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const index = indexOf(history);
        const newest = newestOf(history);
        const living = newest.filter((one) => one.alive);
        const ids = (records: readonly ServerGrants[]): string[] => records.map((one) => one.serverId).sort();
        for (const mac of sharedMacs) {
          const has = living.filter((one) => one.mac === mac || one.otherMacs.includes(mac));
          expect(index.ownersOfMac(mac).map((one) => one.serverId)).toEqual(ids(has));
          const had = newest.flatMap((one) =>
            one.formerMacs.filter((former) => former.value === mac).map(({ endedAt }) => `${one.serverId} ${endedAt}`),
          );
          const formers = index.formerOwnersOfMac(mac);
          expect(formers.map(({ server, endedAt }) => `${server.serverId} ${endedAt}`).sort()).toEqual(had.sort());
          expect(formers.map((one) => one.endedAt)).toEqual(formers.map((one) => one.endedAt).sort((a, b) => b - a));
        }
        for (const port of ['leaf1:Ethernet1', 'leaf1:Ethernet2', 'leaf2:vlan:7'])
          expect(index.expectedOnPort(port).map((one) => one.serverId)).toEqual(
            ids(living.filter((one) => one.port === port)),
          );
        for (const number of serverNumbers) {
          for (const last of [1, 2, 3]) {
            const address = `198.51.${number}.${last}` as Ipv4Address;
            const owner = living.find((one) => one.addresses.includes(address));
            expect(index.ownerOfAddress(address)?.serverId).toBe(owner?.serverId);
          }
        }
        expect(index.expectedOn('leaf1', 4094)?.serverId).toBe(
          living.find((one) => one.holdsVlan && one.switch === 'leaf1' && one.vlan === 4094)?.serverId,
        );
      }),
    );
  });

  it('find an IPv6 address inside a prefix of any length', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const index = indexOf(history);
        const sold = newestOf(history).find((one) => one.serverId === 's1')?.prefixes as readonly string[] | undefined;
        const isSold = (...prefixes: string[]): boolean => prefixes.some((one) => sold?.includes(one));
        const owner = (address: string): boolean => index.ownerOfAddress(address) !== undefined;
        const wide = '2001:db1::/32';
        const around = ['2001:db1:1::/48', wide];
        expect(owner('2001:db1:9::1')).toBe(isSold(wide));
        expect(owner('2001:db1:1:9::1')).toBe(isSold(...around));
        expect(owner('2001:db1:1:3::1')).toBe(isSold('2001:db1:1:2::/63', ...around));
        expect(owner('2001:db1:1:1:8000::2')).toBe(isSold('2001:db1:1:1::/64', '2001:db1:1:1:8000::/65', ...around));
        expect(owner('2001:db1:1:1:0:1::9')).toBe(isSold('2001:db1:1:1::/64', '2001:db1:1:1:0:1::/96', ...around));
        expect(owner('2001:db1:1:1::1')).toBe(isSold('2001:db1:1:1::/64', '2001:db1:1:1::1/128', ...around));
      }),
    );
  });

  it('stay findable when many came and went', () => {
    const many = (round: number): ServerGrants[] =>
      Array.from({ length: 3_000 }, (_, number) => ({
        serverId: `srv-${number}` as ServerId,
        alive: round < 2 || number % 3 === 0,
        suspended: false,
        holdsVlan: false,
        mac: `52:54:00:00:${hex(number >>> 8)}:${hex(number & 255)}` as MacAddress,
        otherMacs: [],
        addresses: [`10.${round}.${number >>> 8}.${number & 255}` as Ipv4Address],
        prefixes: [`2001:db8:${(number + 16).toString(16)}:${round + 1}::/64` as Ipv6Prefix],
        formerMacs: [],
        formerAddresses: [],
      }));
    const index = indexOf([...many(0), ...many(1), ...many(2)]);
    expect(index.packed.size).toBe(1_000);
    expect(index.ownerOfAddress('10.2.0.3')?.serverId).toBe('srv-3');
    expect(index.ownerOfAddress('10.1.0.3')).toBeUndefined();
    expect(index.ownersOfMac('52:54:00:00:00:03')).toHaveLength(1);
    expect(index.ownersOfMac('52:54:00:00:00:04')).toEqual([]);
    expect(index.ownerOfAddress('2001:db8:13:3::1')?.serverId).toBe('srv-3');
    expect(index.ownerOfAddress('2001:db8:13:2::1')).toBeUndefined();
  });
});

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
