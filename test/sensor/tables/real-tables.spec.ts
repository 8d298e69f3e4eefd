import { existsSync } from 'node:fs';
import { longName } from '../../../src/sensor/tables/interface-names.js';
import type { TableEntry, TableFormat } from '../../../src/sensor/tables/table-entry.js';
import { macOf } from '../../../src/sensor/tables/table-fields.js';
import { detectFormat, tableFormats } from '../../../src/sensor/tables/table-formats.js';
import { parseIp } from '../../../events/index.js';
import { type StatedRow, statedByJc, statedByNapalm, statedByNtc } from './companions.js';
import { readSample, realdata, type Sample, tableSamples, whyOutOfScope } from './samples.js';

/** Rows that a sample of genieparser has, counted by hand; these came without a companion. */
const countedByHand: Readonly<Record<string, number>> = {
  ios__tests__ShowArp__cli__equal__golden_output_2: 4,
  ios__tests__ShowArp__cli__equal__golden_output_ios: 2,
  ios__tests__ShowArp__cli__equal__golden_output: 3,
  ios__tests__ShowMacAddressTable__cli__equal__golden_output1: 8,
  ios__tests__ShowMacAddressTable__cli__equal__golden_output_2: 21, // 8 rows, those with several ports once for each
  iosxe__rv1__tests__ShowDeviceTrackingDatabaseMacDetails__cli__equal__golden_output_1: 4, // 2 MACs, 2 addresses
  iosxe__tests__ShowArp__cli__equal__golden_output_2: 4,
  iosxe__tests__ShowArp__cli__equal__golden_output: 3,
  iosxe__tests__ShowDeviceTrackingDatabaseDetails__cli__equal__golden_output1: 7,
  iosxe__tests__ShowDeviceTrackingDatabaseDetails__cli__equal__golden_output_2: 1,
  iosxe__tests__ShowDeviceTrackingDatabaseDetails__cli__equal__golden_output: 5,
  iosxe__tests__ShowDeviceTrackingDatabaseInterface__cli__equal__golden_output2: 3,
  iosxe__tests__ShowDeviceTrackingDatabaseMacDetails__cli__equal__golden_output_1: 4,
  iosxe__tests__ShowDeviceTrackingDatabaseMacDetails__cli__equal__golden_output: 6, // 4 MACs, 2 addresses
  iosxe__tests__ShowDeviceTrackingDatabaseMacMacDetails__cli__equal__golden_output: 2,
  iosxe__tests__ShowDeviceTrackingDatabaseMacMac__cli__equal__golden_output1: 2,
  iosxe__tests__ShowDeviceTrackingDatabaseMacMac__cli__equal__golden_output: 2,
  iosxe__tests__ShowDeviceTrackingDatabaseMac__cli__equal__golden_output: 5,
  iosxe__tests__ShowDeviceTrackingDatabase__cli__equal__golden_output: 11,
  iosxe__tests__ShowIpArp__cli__equal__golden_output: 3,
  iosxe__tests__ShowIpDhcpSnoopingBinding__cli__equal__golden_output_1: 1,
  iosxe__tests__ShowIpDhcpSnoopingBinding__cli__equal__golden_output_2: 1,
  iosxe__tests__ShowIpDhcpSnoopingBinding__cli__equal__golden_output_3: 0,
  iosxe__tests__ShowIpv6Neighbors__cli__equal__golden_output1: 5,
  iosxe__tests__ShowIpv6Neighbors__cli__equal__golden_output2: 5,
  iosxe__tests__ShowMacAddressTableDynamicAll__cli__equal__golden_output2: 4,
  iosxe__tests__ShowMacAddressTableDynamicVlan__cli__equal__golden_output1: 2,
  iosxe__tests__ShowMacAddressTable__cli__equal__golden_output1: 8,
  iosxe__tests__ShowMacAddressTable__cli__equal__golden_output4: 10,
  iosxe__tests__ShowMacAddressTable__cli__equal__golden_output_2: 21,
  iosxe__tests__ShowMacAddressTable__cli__equal__golden_output_3: 3,
  junos__tests__ShowArp__cli__equal__golden_output: 7,
  junos__tests__ShowIpv6Neighbors__cli__equal__golden_output: 3,
  nxos__tests__ShowIpArpDetailVrfAll__cli__equal__golden_output_2: 4,
  nxos__tests__ShowIpArpDetailVrfAll__cli__equal__golden_output_3: 7,
  nxos__tests__ShowIpArp__cli__equal__golden_output_2: 1,
  nxos__tests__ShowIpArp__cli__equal__golden_output_3: 11,
  nxos__tests__ShowIpDhcpSnoopingBindingDynamicEvpn__cli__equal__golden_2: 8,
  nxos__tests__ShowIpDhcpSnoopingBindingDynamicEvpn__cli__equal__golden_4: 24,
  nxos__tests__ShowIpDhcpSnoopingBindingDynamic__cli__equal__golden_1: 12,
  nxos__tests__ShowIpDhcpSnoopingBindingDynamic__cli__equal__golden_2: 8,
  nxos__tests__ShowIpDhcpSnoopingBindingStaticEvpn__cli__equal__golden_2: 8,
  nxos__tests__ShowIpDhcpSnoopingBindingStaticEvpn__cli__equal__golden_3: 4,
  nxos__tests__ShowIpDhcpSnoopingBindingStatic__cli__equal__golden_1: 8,
  nxos__tests__ShowIpDhcpSnoopingBindingStatic__cli__equal__golden_3: 4,
  nxos__tests__ShowMacAddressTable__cli__equal__golden_output_address_interface: 3,
  nxos__tests__ShowMacAddressTable__cli__equal__golden_output_address_interface_vlan: 1,
};

/** Where a companion and the text differ, and why; the rows of `ours` are then looked at without `leaves`. */
interface Difference {
  readonly why: string;
  /** Lines that are no row for us. */
  readonly unparsed?: number;
  /** Rows of ours that the companion leaves out. */
  readonly leaves?: (entry: TableEntry) => boolean;
  /** Rows of the companion that are none. */
  readonly invents?: (row: StatedRow) => boolean;
}
const isGroup = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
const differences: readonly (readonly [RegExp, Difference])[] = [
  [
    /arista_eos_show_mac_address-table/,
    {
      why: 'a row has a MAC that is no hexadecimal number',
      unparsed: 1,
      invents: ({ mac }) => mac?.startsWith('jenn') === true,
    },
  ],
  [
    /jc__.*ubuntu.*arp(?:-v)?\.out/,
    {
      why: 'arp without -n prints a name in place of an address',
      unparsed: 1,
      invents: ({ address }) => address === '_gateway',
    },
  ],
  [
    /test_get_arp_table_with_vrf/,
    { why: 'napalm was asked for VRF TEST and leaves out the default VRF', leaves: ({ vrf }) => vrf !== 'TEST' },
  ],
  [
    /cisco_ios_show_mac-address-table(?:7|12)/,
    { why: 'ntc-templates leaves out the multicast entries', leaves: ({ type }) => type === 'system' },
  ],
];
const differenceOf = (file: string): Difference | undefined => differences.find(([pattern]) => pattern.test(file))?.[1];

/** One spelling for what both sides call the same: napalm capitalises, blanks out the box itself, hyphenates. */
function placeOf(name: string | undefined, vendor: string): string {
  const long = longName((name ?? '').replace(/, not learned$/, ''), vendor)
    .toLowerCase()
    .replace(/ /g, '-');
  return ['cpu', 'switch', 'router', '-'].includes(long) ? '' : long;
}

const spelt = (address: string | undefined): string =>
  address === undefined ? '' : address.includes(':') ? (parseIp(address) ?? address) : address;

function key(row: StatedRow, has: StatedRow, vendor: string): string {
  const parts = [spelt(row.address), macOf(row.mac) ?? '', row.vlan ?? '', placeOf(row.place, vendor)];
  if (has.age !== undefined) parts.push(row.age ?? 'no age');
  const mac = macOf(row.mac);
  if (has.isStatic !== undefined && mac !== undefined && !isGroup(mac))
    parts.push(row.isStatic === true ? 'static' : 'learnt');
  return parts.join(' ');
}

function ours(entry: TableEntry, has: StatedRow, unitMs: number): StatedRow {
  const { address, mac, vlan, interface: routed, port, ageMs } = entry;
  const isZero = mac === '00:00:00:00:00:00' && entry.table !== 'mac';
  const place = entry.table === 'mac' || routed === undefined ? port : routed;
  const both = has.place?.includes(', ') === true && port !== undefined && port !== place ? `${place}, ${port}` : place;
  const age = ageMs === undefined ? undefined : Math.round(ageMs / (unitMs / 10)) / 10;
  return {
    address,
    mac: isZero ? undefined : mac,
    ...(has.vlan !== undefined && { vlan }),
    place: both,
    age,
    isStatic: entry.isStatic,
  };
}

function stated({ file, companion }: Sample): StatedRow[] | undefined {
  if (companion === undefined) return undefined;
  const text = readSample(companion);
  if (file.includes('/ntc-')) return statedByNtc(text);
  return file.includes('/napalm__') ? statedByNapalm(text) : statedByJc(text);
}

/** Every MAC and every address in the text stands in an entry: said by the text itself, whatever a companion says. */
function expectNothingLost(text: string, entries: readonly TableEntry[]): void {
  const macs = new Set(
    [
      ...text.matchAll(
        /(?<![\w.:])(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}(?![\w.])|(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])/gi,
      ),
    ].map(([one]) => macOf(one)),
  );
  const found = new Set(entries.map(({ mac }) => mac));
  expect([...macs].filter((mac) => mac !== '00:00:00:00:00:00' && !found.has(mac))).toEqual([]);
}

const isThere = existsSync(realdata);
const samples = isThere ? tableSamples() : [];
const compared: string[] = [];

(isThere ? describe : describe.skip)('tables that real devices printed', () => {
  const scoped = samples.filter(({ file }) => whyOutOfScope(file) === undefined);

  it.each(scoped.map((sample) => [sample.file, sample] as const))(
    'reads %s as its companion states',
    (file, sample) => {
      const text = readSample(file);
      const { format, closest } = detectFormat(text);
      expect({ file, format: format?.name, closest }).toEqual({ file, format: expect.any(String) as string, closest });
      const { entries, unparsed } = (format as TableFormat).parse(text);
      const difference = differenceOf(file);
      expect({ file, unparsed: unparsed.length, why: unparsed }).toEqual({
        file,
        unparsed: difference?.unparsed ?? 0,
        why: unparsed,
      });
      const rows = stated(sample);
      if (rows === undefined) {
        const name = file.replace(/^cli\/genieparser__src__genie__libs__parser__|_output\.txt$/g, '');
        expect({ name, rows: entries.length }).toEqual({ name, rows: countedByHand[name] });
        expectNothingLost(text, entries);
        compared.push('counted by hand, every MAC of the text found');
        return;
      }
      const claimed = rows.filter((row) => difference?.invents?.(row) !== true);
      const shown = entries.filter((entry) => difference?.leaves?.(entry) !== true);
      const isAged = /napalm__test__(?:ios|nxos)/.test(file) && /_arp_|neighbors/.test(file);
      const has: StatedRow = {
        vlan: claimed.find(({ vlan }) => vlan !== undefined)?.vlan,
        place: claimed.find(({ place }) => place?.includes(', '))?.place,
        ...(isAged && { age: 0 }),
        isStatic: claimed.find(({ isStatic }) => isStatic !== undefined)?.isStatic,
      };
      const vendor = format?.vendor ?? '';
      const keys = (list: readonly StatedRow[]): string[] => list.map((row) => key(row, has, vendor)).sort();
      const unit = file.includes('__ios__') ? 60_000 : 1000;
      expect(keys(shown.map((entry) => ours(entry, has, unit)))).toEqual(keys(claimed));
      compared.push('compared with the companion, row by row');
    },
  );

  it('counts every file of these kinds as compared, or as out of scope for a reason', () => {
    const reasons = samples.map(({ file }) => whyOutOfScope(file)).filter((why) => why !== undefined);
    const lines = [...new Set([...compared, ...reasons])].map(
      (why) => `${[...compared, ...reasons].filter((one) => one === why).length} ${why}`,
    );
    console.log(`tables of real devices, ${samples.length} files:\n  ${lines.join('\n  ')}`);
    expect(compared.length + reasons.length).toBe(samples.length);
    expect(tableFormats.length).toBeGreaterThan(0);
  });

  it.each(samples.filter(({ file }) => whyOutOfScope(file)?.startsWith('another') === true).map(({ file }) => [file]))(
    'takes %s of another vendor for no format',
    (file) => {
      expect(detectFormat(readSample(file)).format?.name).toBeUndefined();
    },
  );
});

if (!isThere)
  console.log(
    `skipped: no output of real devices in ${realdata}; set PORTLEDGER_REALDATA to the folder that holds cli/`,
  );
