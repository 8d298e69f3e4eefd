import fc from '../support/property.js';
import { formatIpv4, formatIpv6, formatMac, type IpAddress, parseIp, parseMac } from '../../events/index.js';
import { complaintOf } from '../../src/drivers/switch/ios-cli.js';
import { iosLineOf, readIosLine } from '../../src/drivers/switch/ios-lines.js';
import { iosArpOf, iosInterfacesOf, iosNeighborsOf, iosRevertOf } from '../../src/drivers/switch/ios-tables.js';
import type { NeighbourEntry } from '../../src/drivers/switch/switch.port.js';
import { IosBox, parseIosConfigLine } from '../support/ios/ios-box.js';
import { showIpArp, showIpInterface, showIpv6Interface, showIpv6Neighbors } from '../support/ios/ios-show.js';
import { describeRealOutput } from '../support/real-output.js';

interface NapalmRow {
  readonly interface: string;
  readonly ip: string;
  readonly mac: string;
  readonly age: number;
}

describeRealOutput('an answer of a real IOS box', (read) => {
  const napalm = (name: string): string => read(`cli/napalm__test__ios__mocked_data__${name}`);
  const expectedOf = (name: string): NapalmRow[] => JSON.parse(napalm(`${name}__expected_result.json`)) as NapalmRow[];

  it('show arp is read as NAPALM reads it; a row without an interface is no entry', () => {
    const name = 'test_get_arp_table__static_arp_entry';
    const rows = iosArpOf(napalm(`${name}__show_arp___exclude_Incomplete.txt`), undefined, new Set());
    const expected = expectedOf(name).filter((row) => row.interface !== '');
    expect(rows.map((row) => [row.interface, row.address, row.mac, row.isStatic])).toEqual(
      expected.map((row) => [row.interface, row.ip, parseMac(row.mac.replaceAll(':', '-')), row.age < 0]),
    );
  });

  it('show ipv6 neighbors is read as NAPALM reads it; a row without a MAC is no entry', () => {
    const name = 'test_get_ipv6_neighbors_table__normal';
    const rows = iosNeighborsOf(napalm(`${name}__show_ipv6_neighbors.txt`), undefined, []);
    const expected = expectedOf(name).filter((row) => row.mac !== '');
    expect(rows.map((row) => [row.interface, row.address, row.mac])).toEqual(
      expected.map((row) => [row.interface, row.ip, parseMac(row.mac.replaceAll(':', '-'))]),
    );
    expect(
      iosNeighborsOf(napalm('test_get_ipv6_neighbors_table__empty__show_ipv6_neighbors.txt'), undefined, []),
    ).toEqual([]);
  });

  it('addresses of both families are read as NAPALM reads them', () => {
    const name = 'test_get_interfaces_ip__normal';
    const states = iosInterfacesOf(
      napalm(`${name}__show_ip_interface.txt`),
      napalm(`${name}__show_ipv6_interface.txt`),
    );
    const expected = JSON.parse(napalm(`${name}__expected_result.json`)) as Record<string, Record<string, object>>;
    for (const [name_, families] of Object.entries(expected)) {
      const addresses = Object.values(families).flatMap((family) => Object.keys(family));
      expect([name_, [...(states.get(name_)?.addresses ?? [])].sort()]).toEqual([name_, addresses.sort()]);
    }
    expect(states.get('Vlan20')).toMatchObject({ carrier: expect.any(Boolean) as boolean });
  });

  const genie = (name: string): string => read(`cli/genieparser__src__genie__libs__parser__${name}_output.txt`);

  it.each([
    ['ios__tests__ShowArp__cli__equal__golden_output_2', 3],
    ['ios__tests__ShowArp__cli__equal__golden_output_ios', 2],
    ['iosxe__tests__ShowArp__cli__equal__golden_output', 3],
  ])('%s is read to the last row', (name, count) => {
    expect(iosArpOf(genie(name), undefined, new Set())).toHaveLength(count);
  });

  it('static neighbours of IOS-XE have no age, and short interfaces are put in full', () => {
    const rows = iosNeighborsOf(genie('iosxe__tests__ShowIpv6Neighbors__cli__equal__golden_output1'), undefined, [
      'GigabitEthernet2',
      'GigabitEthernet4',
    ]);
    expect(rows).toHaveLength(5);
    expect(rows.filter(({ isStatic }) => isStatic)).toEqual([
      {
        vrf: undefined,
        address: '2001:db8:8548:1::11',
        mac: 'aa:aa:be:ff:bc:bc',
        interface: 'GigabitEthernet2',
        isStatic: true,
      },
    ]);
  });

  it('a command that the box does not have is a complaint', () => {
    const text = napalm('test_get_interfaces_ip__no_ipv6_support__show_ipv6_interface.txt');
    expect(complaintOf(text)).toBe("% Invalid input detected at '^' marker.");
    expect(complaintOf(napalm('test_get_interfaces_ip__normal__show_ip_interface.txt'))).toBeUndefined();
  });

  it('is read like what the simulated box prints, line for line of the same form', () => {
    const form = (line: string): string =>
      line
        .replace(/\d+/g, '9')
        .replace(/\b[0-9a-f]{1,4}\b/gi, 'h')
        .replace(/\s+/g, ' ')
        .trim();
    const port = {
      adminUp: true,
      plugged: true,
      vrf: 'default',
      ipv4: ['172.29.50.3/27', '192.168.81.34/24'],
      routes: [],
      ipv6: ['fe80::1', '2002::1'],
    };
    const box = new IosBox(new Map([['Vlan20', port]]));
    box.type('arp 172.29.50.7 0024.f7dd.7741 ARPA');
    box.type('ipv6 neighbor FE80::225:45FF:FE00:B400 Vlan20 0025.4500.b400');
    const heads = (text: string): string[] => text.split('\n').slice(0, 1).map(form);
    expect(heads(showIpArp(box, 'default'))).toEqual(
      heads(napalm('test_get_arp_table__static_arp_entry__show_arp___exclude_Incomplete.txt')),
    );
    expect(napalm('test_get_ipv6_neighbors_table__normal__show_ipv6_neighbors.txt')).toContain(
      showIpv6Neighbors(box, 'default').split('\n')[0],
    );
    const real = napalm('test_get_interfaces_ip__normal__show_ip_interface.txt');
    for (const line of showIpInterface(box).split('\n')) expect(real.split('\n').map(form)).toContain(form(line));
    const real6 = napalm('test_get_interfaces_ip__normal__show_ipv6_interface.txt')
      .replace(/administratively down/g, 'up')
      .replace('protocol is down', 'protocol is up');
    for (const line of showIpv6Interface(box)
      .split('\n')
      .filter((one) => !one.startsWith('    '))) {
      const wanted = form(line).replace(/address is .*/, 'address is');
      expect(real6.split('\n').map((one) => form(one).replace(/address is .*/, 'address is'))).toContain(wanted);
    }
  });
});

describe('a line of IOS', () => {
  const entry = (address: string, mac = '02:00:00:00:00:01'): NeighbourEntry => ({
    interface: 'Vlan11',
    address: parseIp(address) as IpAddress,
    mac: parseMac(mac) ?? fail(),
  });
  const fail = (): never => {
    throw new Error('no MAC');
  };

  it('is spelt as the box spells it, and taken away by the whole of it', () => {
    const [v4, v6] = [entry('198.51.100.16'), entry('fe80::ff:fe00:1')];
    expect(iosLineOf({ change: 'set', entry: v6 }, undefined)).toBe(
      'ipv6 neighbor FE80::FF:FE00:1 Vlan11 0200.0000.0001',
    );
    expect(iosLineOf({ change: 'set', entry: v4 }, undefined)).toBe('arp 198.51.100.16 0200.0000.0001 ARPA');
    expect(iosLineOf({ change: 'set', entry: v4 }, 'BLUE')).toBe('arp vrf BLUE 198.51.100.16 0200.0000.0001 ARPA');
    expect(iosLineOf({ change: 'set', entry: v6 }, 'BLUE')).toBe('ipv6 neighbor FE80::FF:FE00:1 Vlan11 0200.0000.0001');
    expect(iosLineOf({ change: 'remove', entry: v4 }, 'BLUE')).toBe(
      'no arp vrf BLUE 198.51.100.16 0200.0000.0001 ARPA',
    );
  });

  it.each([
    'arp 1.2.3.4 0200.0000.0001 ARPA alias',
    'arp 1.2.3.4 0200.0000.0001 SNAP',
    ' arp 1.2.3.4 0200.0000.0001 ARPA',
    'arp timeout 300',
    'ipv6 neighbor binding vlan 10',
    'ipv6 neighbor 1.2.3.4 Vlan1 0200.0000.0001',
  ])('that is not of our form is left alone: %s', (line) => expect(readIosLine(line)).toBeUndefined());

  it('reads every rendered entry back as the same one, and the box reads it alike', () => {
    const addresses = fc.oneof(
      fc.nat(0xffffffff).map((bits) => formatIpv4(bits) as IpAddress),
      fc
        .tuple(fc.nat(0xffffffff), fc.nat(0xffffffff))
        .map(([high, low]) => formatIpv6([0xfe800000, 0, high, low]) as IpAddress),
    );
    const vrfs = fc.option(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,20}$/), { nil: undefined });
    fc.assert(
      fc.property(
        addresses,
        fc.nat(0xffffffff),
        fc.integer({ min: 1, max: 4094 }),
        vrfs,
        (address, bits, vlan, vrf) => {
          const one = { interface: `Vlan${vlan}`, address, mac: formatMac(0x020000000000 + bits) };
          const line = iosLineOf({ change: 'set', entry: one }, vrf) ?? '';
          const isIpv4 = !address.includes(':');
          const expected = {
            vrf: isIpv4 ? vrf : undefined,
            address,
            mac: one.mac,
            interface: isIpv4 ? undefined : one.interface,
          };
          expect(readIosLine(line)).toEqual(expected);
          const seen = parseIosConfigLine(line);
          expect({ ...seen, address: parseIp(seen.address), mac: parseMac(seen.mac) }).toEqual(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('never carries what is not an address, a MAC, an interface and a VRF', () => {
    const fine = entry('198.51.100.16');
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1.2.3.4\nreload', 'Vlan11\n', 'Vlan11 x', '')),
        fc.constantFrom('address', 'mac', 'interface', 'vrf'),
        (text, where) => {
          const one = where === 'vrf' ? fine : { ...fine, [where]: text };
          const line = iosLineOf({ change: 'set', entry: one }, where === 'vrf' ? text : undefined);
          if (line !== undefined) expect(line).toMatch(/^[\x21-\x7e]+( [\x21-\x7e]+)+$/);
          if (line !== undefined) expect(readIosLine(line)).toBeDefined();
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('the revert timer of IOS', () => {
  it('tells who set it, or that none runs', () => {
    const shown =
      'Time configured(or reconfigured): 22:50:48 UTC Mon Mar 12 2007\nTimer type: absolute timer\nTimer value: 2 min\nUser: ops\n';
    expect(iosRevertOf(shown)).toBe('ops');
    expect(iosRevertOf('%No Rollback Confirmed Change pending\n')).toBeUndefined();
  });
});
