import { detectFormat, tableFormats } from '../../../src/sensor/tables/table-formats.js';
import type { ParsedTable } from '../../../src/sensor/tables/table-entry.js';

const format = (name: string) => {
  const found = tableFormats.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no format ${name}`);
  return found;
};
/** Parses as the format that the text is taken for, which must be this one. */
function read(name: string, text: string): ParsedTable {
  expect(detectFormat(text).format?.name).toBe(name);
  return format(name).parse(text);
}

describe('the formats of tables', () => {
  it('have names, vendors and commands of their own', () => {
    const names = tableFormats.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[a-z][a-z0-9-]+$/.test(name))).toBe(true);
  });

  it('tells learnt, static and unresolved neighbours of the kernel apart', () => {
    const { entries, unparsed } = read(
      'linux-neigh-json',
      JSON.stringify([
        { dst: '198.51.100.16', dev: 'vlan16', lladdr: '52:54:00:00:00:16', state: ['REACHABLE'] },
        { dst: 'fe80::5054:ff:fe00:16', dev: 'vlan16', lladdr: '52:54:00:00:00:16', state: ['PERMANENT'] },
        { dst: '198.51.100.17', dev: 'vlan16', state: ['FAILED'] },
        { dst: '198.51.100.18', dev: 'vlan16', lladdr: '52:54:00:00:00:18', confirmed: 12, state: ['STALE'] },
        { dst: 'nonsense', dev: 'vlan16', lladdr: '52:54:00:00:00:18', state: ['STALE'] },
      ]),
    );
    expect(entries).toEqual([
      {
        table: 'arp',
        line: 1,
        address: '198.51.100.16',
        mac: '52:54:00:00:00:16',
        vlan: 16,
        interface: 'vlan16',
        type: 'reachable',
        isStatic: false,
        isComplete: true,
      },
      {
        table: 'nd',
        line: 2,
        address: 'fe80::5054:ff:fe00:16',
        mac: '52:54:00:00:00:16',
        vlan: 16,
        interface: 'vlan16',
        type: 'permanent',
        isStatic: true,
        isComplete: true,
      },
      {
        table: 'arp',
        line: 3,
        address: '198.51.100.17',
        vlan: 16,
        interface: 'vlan16',
        type: 'failed',
        isStatic: false,
        isComplete: false,
      },
      {
        table: 'arp',
        line: 4,
        address: '198.51.100.18',
        mac: '52:54:00:00:00:18',
        vlan: 16,
        interface: 'vlan16',
        ageMs: 12_000,
        type: 'stale',
        isStatic: false,
        isComplete: true,
      },
    ]);
    expect(unparsed.map(({ line }) => line)).toEqual([5]);
  });

  it('takes the VRF of EOS from the heading above a row, and the port from beside the interface', () => {
    const text = `VRF: MGMT
Address         Age (min)  Hardware Addr   Interface
10.1.1.1                 7 004c.6211.113e  Management1

VRF: default
Address         Age (min)  Hardware Addr   Interface
172.16.0.1         0:01:30 004c.6211.223b  Vlan101, Port-Channel2
`;
    const { entries, unparsed } = read('eos-arp', text);
    expect(unparsed).toEqual([]);
    expect(entries).toMatchObject([
      { address: '10.1.1.1', vrf: 'MGMT', ageMs: 420_000, interface: 'Management1' },
      { address: '172.16.0.1', vlan: 101, port: 'Port-Channel2', ageMs: 90_000 },
    ]);
    expect(entries[1]).not.toHaveProperty('vrf');
  });

  // Made after an excerpt in a lab report, no whole sample of a real switch is at hand.
  it('reads the IPv6 neighbours of EOS', () => {
    const text = `IPv6 Address                                  Age Hardware Addr   Interface
fe80::5200:ff:fed7:ee0b                   0:44:17 5000.00d7.ee0b  Et1
2001:db8:16::1                                N/A 5005.0000.1b08  Vl16
`;
    expect(read('eos-nd', text)).toMatchObject({
      entries: [
        { table: 'nd', port: 'Et1', ageMs: 2_657_000, isStatic: false },
        { address: '2001:db8:16::1', vlan: 16, isStatic: true },
      ],
      unparsed: [],
    });
  });

  // Made after eAPI's documentation: no real sample of a MAC table in JSON is at hand.
  it('reads a MAC table and IPv6 neighbours of eAPI out of one reply', () => {
    const result = [
      {
        vrfs: {
          default: {
            ipV6Neighbors: [{ hwAddress: '5000.00d7.ee0b', address: 'fe80::1', interface: 'Vlan16', age: 3.5 }],
          },
        },
      },
      {
        unicastTable: {
          tableEntries: [
            { vlanId: 16, macAddress: '52:54:00:00:00:16', interface: 'Ethernet16', moves: 1, entryType: 'dynamic' },
          ],
        },
        multicastTable: { tableEntries: [] },
      },
    ];
    expect(read('eos-json', JSON.stringify({ jsonrpc: '2.0', id: 'x', result }))).toMatchObject({
      entries: [
        { table: 'nd', address: 'fe80::1', vlan: 16, ageMs: 3500 },
        { table: 'mac', mac: '52:54:00:00:00:16', vlan: 16, port: 'Ethernet16', isStatic: false },
      ],
      unparsed: [],
    });
  });

  // Made after excerpts in Netdisco and genieparser: a long address stands on a line of its own.
  it('joins the two lines of a long IPv6 neighbour of NX-OS', () => {
    const text = `Flags: # - Adjacencies Throttled for Glean
       CC - Consistency check pending

IPv6 Adjacency Table for VRF red
Total number of entries: 3
Address         Age       MAC Address     Pref Source     Interface
2001:db8:c405:120::3
                00:01:46  5c71.0d42.df3f  50   icmpv6     Vlan376
2001:db8:c405:120::52
                    3w0d  9440.c988.b6fd  1    Static     Vlan376
2001:db8::1b    1d01h  84b5.9ca0.bf39  50   icmpv6     Ethernet14/7
`;
    const { entries, unparsed } = read('nxos-nd', text);
    expect(unparsed).toEqual([]);
    expect(entries).toMatchObject([
      { address: '2001:db8:c405:120::3', vrf: 'red', vlan: 376, ageMs: 106_000, isStatic: false },
      { address: '2001:db8:c405:120::52', ageMs: 1_814_400_000, isStatic: true },
      { address: '2001:db8::1b', interface: 'Ethernet14/7', ageMs: 90_000_000 },
    ]);
  });

  it.each([
    [
      'ios-arp',
      'Protocol  Address          Age (min)  Hardware Addr   Type   Interface\nInternet  10.0.0.1  5  zzzz.0000.0001  ARPA  Vlan1\n',
      2,
    ],
    [
      'ios-arp',
      'Protocol  Address          Age (min)  Hardware Addr   Type   Interface\nInternet  10.0.0.256  5  0000.0000.0001  ARPA  Vlan1\n',
      2,
    ],
    [
      'nxos-arp',
      'Address         Age       MAC Address     Interface\n10.0.0.1  00:00:04  0000.0000.0001  Vlan1  what is this\n',
      2,
    ],
    ['ios-mac', 'Vlan    Mac Address       Type        Ports\n% something the box complains of\n', 2],
  ])('lists a line of %s that is no row by its number', (name, text, line) => {
    expect(format(name).parse(text)).toMatchObject({ entries: [], unparsed: [{ line }] });
  });

  it('takes a text for no format when two are as likely, and names the closest', () => {
    const rows = 'show mac address-table\n   1    0050.56a8.0016    DYNAMIC     Po1\n';
    const { format: found, closest } = detectFormat(rows);
    expect(found).toBeUndefined();
    expect(closest.map((one) => one.format.name)).toEqual(expect.arrayContaining(['eos-mac', 'ios-mac']) as string[]);
    expect(detectFormat('hello\n')).toEqual({ format: undefined, closest: [] });
  });
});
