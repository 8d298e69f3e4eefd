import type { Ipv4Address, Ipv6Address, Ipv6Prefix, MacAddress, Vlan } from '../../../events/index.js';
import { formatIpv4, linkLocalOf, parseIpv6Prefix, parseMac } from '../../../events/index.js';
import type { BootLoader, DhcpHost4, DhcpHost6 } from '../../../src/drivers/dhcp/dhcp.port.js';
import type { JsonObject } from '../../../src/drivers/dhcp/json.js';
import { isBootClass } from '../../../src/drivers/dhcp/kea-boot.js';
import { KeaConfig } from '../../../src/drivers/dhcp/kea-config.js';
import fc from '../../support/property.js';
import { hostileString, numbersFrom } from '../hostile-strings.js';

const stamp = { logId: 'log-1', ordinal: 41 };
const vlans = Array.from({ length: 12 }, (_none, index) => (11 + index) as Vlan);
const interfaces = new Set(vlans.map((vlan) => `vlan${vlan}`));
const loaders: BootLoader[] = [
  {
    architectures: [7, 9],
    ipxe: false,
    tftp: { server: '192.0.2.9' as Ipv4Address, file: 'ipxe.efi' },
    url6: 'http://[2001:db8::9]/ipxe.efi',
  },
];
const config4 = KeaConfig.of4(interfaces, loaders);
const config6 = KeaConfig.of6(interfaces, loaders);

const mac = fc
  .integer({ min: 0, max: 0xffff_ffff })
  .map((bits) => parseMac(`52:54:${(bits.toString(16).padStart(8, '0').match(/../g) ?? []).join(':')}`) as MacAddress);
const ipv4 = fc.integer({ min: 0, max: 255 }).map((last) => formatIpv4(0xc633_6400 + last));
const prefix = fc
  .integer({ min: 0, max: 0xffff })
  .map((id) => parseIpv6Prefix(`2001:db8:${id.toString(16)}::/48`) as Ipv6Prefix);
const host4 = (vlan: Vlan): fc.Arbitrary<DhcpHost4> =>
  fc.record({
    interface: fc.constant(`vlan${vlan}`),
    vlan: fc.constant(vlan),
    mac,
    address: ipv4,
    routers: fc.uniqueArray(ipv4, { maxLength: 2 }),
    listen: fc.constant(`100.64.0.${vlan}` as Ipv4Address),
    ...(vlan % 3 === 0 ? { netboot: fc.constant(true as const) } : {}),
  });
const host6 = (vlan: Vlan): fc.Arbitrary<DhcpHost6> =>
  fc
    .tuple(mac, fc.uniqueArray(prefix, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([own, prefixes, withAddress]) => ({
      interface: `vlan${vlan}`,
      vlan,
      mac: own,
      linkLocal: linkLocalOf(own),
      address: withAddress ? (prefixes[0]?.replace('::/48', '::2') as Ipv6Address) : undefined,
      prefixes,
    }));
const some = <Host>(of: (vlan: Vlan) => fc.Arbitrary<Host>): fc.Arbitrary<Host[]> =>
  fc.subarray([...vlans]).chain((chosen) => fc.tuple(...chosen.map(of)));

/** What an operator wrote, with something of everything that we write beside. */
const operators: JsonObject = {
  'valid-lifetime': 3600,
  'interfaces-config': { interfaces: ['eth9', 'mgmt0/10.0.0.1'], 're-detect': true },
  'host-reservation-identifiers': ['duid', 'hw-address'],
  'client-classes': [{ name: 'theirs', test: "option[60].hex == 'x'" }],
  subnet4: [{ id: 1, subnet: '10.0.0.0/24', interface: 'mgmt0', 'user-context': { rack: 7 } }],
  'shared-networks': [{ name: 'theirs', subnet6: [] }],
  'user-context': { owner: 'netops' },
};

/** As it comes back from the daemon: through JSON, with defaults filled in. */
function asRead(config: JsonObject): JsonObject {
  const filled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(
      ([key, one]) => [key, key === 'user-context' ? one : filled(one)] as const,
    );
    return { 'valid-lifetime': 3600, ...Object.fromEntries(entries) };
  };
  return filled(JSON.parse(JSON.stringify(config))) as JsonObject;
}

describe('the configuration of Kea', () => {
  it('says of any hosts exactly these hosts, as the daemon gives it back', () => {
    fc.assert(
      fc.property(some(host4), some(host6), (hosts4, hosts6) => {
        const found4 = config4.held(asRead(config4.with(operators, hosts4, stamp)));
        expect([...found4.hosts.values()]).toEqual(hosts4);
        const found6 = config6.held(asRead(config6.with(operators, hosts6, stamp)));
        expect([...found6.hosts.values()]).toEqual(hosts6);
        for (const found of [found4, found6])
          expect(found).toMatchObject({ altered: new Set(), settings: 'intact', stamp });
      }),
    );
  });

  it('takes all of ours away again and leaves the operator’s as it was', () => {
    fc.assert(
      fc.property(some(host4), some(host6), (hosts4, hosts6) => {
        const without = (config: JsonObject): JsonObject => {
          const { 'user-context': context, 'client-classes': classes, ...rest } = config;
          const theirs = (classes as JsonObject[]).filter(({ name }) => !isBootClass(name));
          const { portledger: _stamp, ...others } = context as JsonObject;
          return { ...rest, 'user-context': others, 'client-classes': theirs };
        };
        const [full4, full6] = [config4.with(operators, hosts4, stamp), config6.with(operators, hosts6, stamp)];
        expect(without(config4.with(full4, [], stamp))).toEqual(operators);
        expect(without(config6.with(full6, [], stamp))).toEqual(operators);
      }),
    );
  });

  const one4: DhcpHost4 = {
    interface: 'vlan16',
    vlan: 16 as Vlan,
    mac: '52:54:00:00:00:16' as MacAddress,
    address: '198.51.100.16' as Ipv4Address,
    routers: ['198.51.100.1' as Ipv4Address],
    listen: '100.64.0.16' as Ipv4Address,
  };
  const one6: DhcpHost6 = {
    interface: 'vlan16',
    vlan: 16 as Vlan,
    mac: one4.mac,
    linkLocal: linkLocalOf(one4.mac),
    address: '2001:db8:16::2' as Ipv6Address,
    prefixes: ['2001:db8:16::/48' as Ipv6Prefix],
  };

  it('starts a machine from the private /30 of its port, with the gateway in it, for two minutes', () => {
    const started: DhcpHost4 = {
      ...one4,
      address: '10.64.0.66' as Ipv4Address,
      routers: ['10.64.0.65' as Ipv4Address],
      listen: '10.64.0.65' as Ipv4Address,
      netboot: true,
    };
    expect(config4.with({}, [started], stamp)).toMatchObject({
      'interfaces-config': { interfaces: ['vlan16/10.64.0.65'] },
      subnet4: [
        {
          id: 1_000_016,
          subnet: '10.64.0.64/30',
          interface: 'vlan16',
          'valid-lifetime': 120,
          'min-valid-lifetime': 120,
          'max-valid-lifetime': 120,
          pools: [],
          'option-data': [{ name: 'routers', data: '10.64.0.65' }],
          reservations: [{ 'hw-address': one4.mac, 'ip-address': '10.64.0.66' }],
        },
      ],
    });
    const longer = JSON.stringify(config4.with({}, [started], stamp)).replace(
      '"valid-lifetime":120',
      '"valid-lifetime":9',
    );
    expect([...config4.held(JSON.parse(longer) as JsonObject).altered]).toEqual(['vlan16']);
  });

  it.each<[string, (text: string) => string]>([
    ['another MAC', (text) => text.replace('"hw-address":"52:54:00:00:00:16"', '"hw-address":"52:54:00:00:00:99"')],
    ['another gateway', (text) => text.replace('"data":"198.51.100.1"', '"data":"198.51.100.2"')],
    ['a pool for everybody', (text) => text.replace('"pools":[]', '"pools":[{"pool":"198.51.100.16/32"}]')],
    [
      'one more reservation',
      (text) => text.replace('"reservations":[', '"reservations":[{"hw-address":"52:54:00:00:00:98"},'),
    ],
    ['an interface that is not listened at', (text) => text.replace(',"vlan16/100.64.0.16"', '')],
    ['client identifiers that count', (text) => text.replace('"match-client-id":false', '"match-client-id":true')],
    ['no word of whose it is', (text) => text.replace('"mac":"52:54:00:00:00:16"', '"mac":"?"')],
  ])('sees in a place of DHCPv4 that somebody put there %s', (_what, change) => {
    const whole = JSON.stringify(config4.with(operators, [one4], stamp));
    expect(change(whole)).not.toBe(whole);
    const { hosts, altered } = config4.held(JSON.parse(change(whole)) as JsonObject);
    expect([hosts.size, [...altered]]).toEqual([0, ['vlan16']]);
  });

  it.each<[string, (text: string) => string]>([
    ['another machine', (text) => text.replace('pkt.src == fe80::5054:ff:fe00:16', 'pkt.src == fe80::1234')],
    [
      'everybody',
      (text) => text.replace('"client-class":"portledger-vlan16","option-data":[],"pool"', '"option-data":[],"pool"'),
    ],
    ['half of the prefix', (text) => text.replace('"prefix-len":48', '"prefix-len":49')],
  ])('sees in a place of DHCPv6 that somebody gave it to %s', (_what, change) => {
    const whole = JSON.stringify(config6.with(operators, [one6], stamp));
    expect(change(whole)).not.toBe(whole);
    const { hosts, altered } = config6.held(JSON.parse(change(whole)) as JsonObject);
    expect([hosts.size, [...altered]]).toEqual([0, ['vlan16']]);
  });

  it('sees that a loader was changed, and that MACs are not looked for any more', () => {
    const whole = config4.with(operators, [one4], stamp);
    const changed = JSON.parse(JSON.stringify(whole).replace('ipxe.efi', 'evil.efi')) as JsonObject;
    expect(config4.held(changed).settings).toBe('changed');
    expect(config4.held({ ...whole, 'host-reservation-identifiers': ['duid'] }).settings).toBe('changed');
    expect(
      config4.held(config4.with({ ...whole, 'host-reservation-identifiers': ['duid'] }, [one4], stamp)).settings,
    ).toBe('intact');
  });

  it('is given no string from outside: a value that is not what its type says is refused', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const number = numbersFrom(seed);
        const bad = (valid: string): string => hostileString(valid, number);
        for (const [key, valid] of Object.entries({
          interface: 'vlan16',
          mac: one4.mac,
          address: one4.address,
          listen: one4.listen,
        })) {
          const host = { ...one4, [key]: bad(valid) } as DhcpHost4;
          try {
            const held = config4.held(config4.with({}, [host], stamp));
            expect([...held.hosts.values()]).toEqual([host]);
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError);
            refused++;
          }
        }
        for (const [key, valid] of Object.entries({
          mac: one6.mac,
          linkLocal: one6.linkLocal,
          address: '2001:db8:16::2',
        })) {
          const host = { ...one6, [key]: bad(valid) } as DhcpHost6;
          try {
            const held = config6.held(config6.with({}, [host], stamp));
            expect([...held.hosts.values()]).toEqual([host]);
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError);
            refused++;
          }
        }
      }),
    );
    expect(refused).toBeGreaterThan(300);
  });

  it('looks at each part of a configuration as often where there are ten thousand hosts as where there are a thousand', () => {
    const looksAHost = (count: number): number[] => {
      const numbers = Array.from({ length: count }, (_none, index) => index);
      const many = new Set(numbers.map((number) => `v${number}`));
      const common = (number: number) => {
        const own = `52:54:00:00:${(number >> 8).toString(16).padStart(2, '0')}:${(number & 255).toString(16).padStart(2, '0')}`;
        return { interface: `v${number}`, vlan: ((number % 4094) + 1) as Vlan, mac: own as MacAddress };
      };
      const hosts4 = numbers.map((number): DhcpHost4 => {
        const [address, listen] = [formatIpv4(0xc612_0000 + number), formatIpv4(0x6440_0000 + number)];
        return { ...common(number), address, listen, routers: [] };
      });
      const hosts6 = numbers.map((number): DhcpHost6 => {
        const prefixes = [`2001:db8:${(number + 1).toString(16)}::/48` as Ipv6Prefix];
        return { ...common(number), linkLocal: linkLocalOf(common(number).mac), address: undefined, prefixes };
      });
      let looks = 0;
      const seen = <Value>(value: Value): Value =>
        typeof value !== 'object' || value === null
          ? value
          : new Proxy(value, {
              get: (target, key): unknown => (looks++, seen(Reflect.get(target, key) as unknown)),
            });
      return [[KeaConfig.of4(many, loaders), hosts4] as const, [KeaConfig.of6(many, loaders), hosts6] as const].map(
        ([config, hosts]) => {
          const written = (config as KeaConfig<DhcpHost4 | DhcpHost6>).with({}, hosts, stamp);
          looks = 0;
          expect((config as KeaConfig<DhcpHost4 | DhcpHost6>).held(seen(written)).hosts.size).toBe(count);
          (config as KeaConfig<DhcpHost4 | DhcpHost6>).with(seen(written), [], stamp);
          return Math.round(looks / count);
        },
      );
    };
    expect(looksAHost(10_000)).toEqual(looksAHost(1_000));
  });
});
