import fc from '../support/property.js';
import {
  formatIpv4,
  formatIpv6,
  formatMac,
  parseMac,
  parseIp,
  type IpAddress,
  type MacAddress,
} from '../../events/index.js';
import { eosLineOf, readEosLine } from '../../src/drivers/switch/eos-lines.js';
import type { NeighbourEntry } from '../../src/drivers/switch/switch.port.js';
import { edited } from '../support/eapi/eos-config.js';

const entry = (address: string, mac: string, name = 'Vlan11'): NeighbourEntry => ({
  interface: name,
  address: parseIp(address) as IpAddress,
  mac: parseMac(mac) as MacAddress,
});

describe('a line of EOS', () => {
  it('is spelt as the switch spells it', () => {
    const set = (one: NeighbourEntry, vrf?: string) => eosLineOf({ change: 'set', entry: one }, vrf);
    expect(set(entry('fe80::ff:fe00:1', '02:00:00:00:00:01'))).toBe(
      'ipv6 neighbor fe80::ff:fe00:1 Vlan11 0200.0000.0001',
    );
    expect(set(entry('198.51.100.16', '02:00:00:00:00:01'))).toBe('arp 198.51.100.16 0200.0000.0001 arpa');
    expect(set(entry('198.51.100.16', '02:00:00:00:00:01'), 'BLAH')).toBe(
      'arp vrf BLAH 198.51.100.16 0200.0000.0001 arpa',
    );
    expect(set(entry('fe80::1:1', '02:00:00:00:00:01'), 'MGMT')).toBe(
      'ipv6 neighbor vrf MGMT fe80::1:1 Vlan11 0200.0000.0001',
    );
  });

  it('takes an entry away without naming its MAC', () => {
    const remove = (one: NeighbourEntry, vrf?: string) => eosLineOf({ change: 'remove', entry: one }, vrf);
    expect(remove(entry('198.51.100.16', '02:00:00:00:00:01'))).toBe('no arp 198.51.100.16');
    expect(remove(entry('fe80::1:1', '02:00:00:00:00:01'), 'A')).toBe('no ipv6 neighbor vrf A fe80::1:1 Vlan11');
  });

  // Lines of the published Arista Validated Designs.
  it.each([
    ['arp 41.42.42.42 DEAD.BEEF.CAFE arpa', { address: '41.42.42.42', mac: 'de:ad:be:ef:ca:fe' }],
    ['arp vrf BLAH 42.42.42.42 DEAD.BEEF.CAFE arpa', { vrf: 'BLAH', address: '42.42.42.42', mac: 'de:ad:be:ef:ca:fe' }],
    // A group address is no server's.
    ['ipv6 neighbor vrf MGMT 11:22:33:44:55:66:77:88 Ethernet1 11:22:33:44:55:66', undefined],
    [
      'ipv6 neighbor vrf MGMT 11:22:33:44:55:66:77:88 Ethernet1 22:22:33:44:55:66',
      { vrf: 'MGMT', address: '11:22:33:44:55:66:77:88', mac: '22:22:33:44:55:66', interface: 'Ethernet1' },
    ],
    ['ipv6 neighbor ::ffff:192.1.56.10 Loopback99 aa:af:12:34:bc:bf', undefined],
    ['arp persistent refresh-delay 700', undefined],
    ['arp aging timeout default 300', undefined],
    ['arp 198.51.100.16 0200.0000.0001 arpa alias', undefined],
    ['   arp gratuitous accept', undefined],
    [' arp 198.51.100.16 0200.0000.0001 arpa', undefined],
    ['arp vrf', undefined],
    ['ipv6 neighbor', undefined],
    ['ipv6 neighbor 198.51.100.16 Vlan11 0200.0000.0001', undefined],
    ['arp fe80::1 0200.0000.0001 arpa', undefined],
  ])('%s is read for what it says', (line, expected) => {
    expect(readEosLine(line)).toEqual(expected);
  });

  const addresses = fc.oneof(
    fc.nat(0xffffffff).map((bits) => formatIpv4(bits)),
    fc
      .tuple(fc.nat(0xffffffff), fc.nat(0xffffffff), fc.nat(0xffffffff), fc.nat(0xffffffff))
      .map((words) => parseIp(formatIpv6(words))),
  );
  const macs = fc.nat(0xffffffff).map((bits) => formatMac(0x020000000000 + bits));
  const vlans = fc.integer({ min: 1, max: 4094 });
  const vrfs = fc.option(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,20}$/), { nil: undefined });

  it('reads every rendered entry back as the same one, and the switch reads it alike', () => {
    fc.assert(
      fc.property(addresses, macs, vlans, vrfs, (address, mac, vlan, vrf) => {
        fc.pre(address !== undefined && vrf !== 'vrf');
        if (address === undefined) return;
        const one = { interface: `Vlan${vlan}`, address, mac };
        const line = eosLineOf({ change: 'set', entry: one }, vrf) ?? '';
        const isIpv4 = !address.includes(':');
        expect(readEosLine(line)).toEqual({ vrf, address, mac, interface: isIpv4 ? undefined : one.interface });
        const configured = edited(new Map(), line);
        expect([...(configured as ReadonlyMap<string, string>).values()]).toEqual([line]);
        const removal = eosLineOf({ change: 'remove', entry: one }, vrf) ?? '';
        expect(edited(configured as ReadonlyMap<string, string>, removal)).toEqual(new Map());
      }),
      { numRuns: 2000 },
    );
  });

  it('never carries what is not an address, a MAC, an interface and a VRF', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '',
        '198.51.100.16 0200.0000.0001 arpa\nreload',
        'fe80::1%Vlan11',
        '1.2.3.4;',
        'Vlan11\n',
        'Vlan11 ',
        '‮',
      ),
    );
    const fine = entry('198.51.100.16', '02:00:00:00:00:01');
    fc.assert(
      fc.property(hostile, fc.constantFrom('address', 'mac', 'interface', 'vrf'), (text, where) => {
        const one = where === 'vrf' ? fine : { ...fine, [where]: text };
        const line = eosLineOf({ change: 'set', entry: one }, where === 'vrf' ? text : undefined);
        if (line === undefined) return;
        // It got through: then it is one plain line that says exactly this value.
        expect(line).toMatch(/^[\x21-\x7e]+( [\x21-\x7e]+)+$/);
        const read = readEosLine(line);
        const said = where === 'vrf' ? read?.vrf : where === 'interface' ? text : read?.[where];
        expect([text, parseIp(text), parseMac(text)]).toContain(said);
      }),
      { numRuns: 3000 },
    );
  });
});
