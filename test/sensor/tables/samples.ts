import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const realdata = process.env['PORTLEDGER_REALDATA'] ?? resolve('../shared/realdata');

/** A file of the real data, and the one that states what is in it. */
export interface Sample {
  readonly file: string;
  readonly kind: string;
  readonly companion: string | undefined;
}

const tableKinds = /^cli-(?:arp|nd|mac|device-tracking|host-arp|arp-inspection|dhcp-snooping)$/;
const isCompanion = (file: string): boolean => /\.yml$|__expected_result\.json$|^cli\/jc__.*\.json$/.test(file);

/** Files that hold no table of a switch spoken to here, each with the reason. */
const outOfScope: readonly (readonly [RegExp, string])[] = [
  [/alcatel_aos/, 'another vendor: Alcatel AOS'],
  [/allied_telesis/, 'another vendor: Allied Telesis'],
  [/aruba_aoscx/, 'another vendor: Aruba AOS-CX'],
  [/avaya_ers/, 'another vendor: Avaya ERS'],
  [/brocade_fastiron__show_mac|ruckus_fastiron/, 'another vendor: Brocade and Ruckus FastIron'],
  [/dell_force10/, 'another vendor: Dell Force10'],
  [/dlink_ds/, 'another vendor: D-Link'],
  [/ericsson_ipos/, 'another vendor: Ericsson IPOS'],
  [/extreme_exos/, 'another vendor: Extreme EXOS'],
  [/hp_procurve/, 'another vendor: HP ProCurve'],
  [/huawei_/, 'another vendor: Huawei'],
  [/mikrotik_routeros/, 'another vendor: MikroTik'],
  [/paloalto_panos/, 'another vendor: Palo Alto'],
  [/ubiquiti_edgeswitch/, 'another vendor: Ubiquiti EdgeSwitch'],
  [/parser__sros__/, 'another vendor: Nokia SR OS'],
  [/cisco_ftd|cisco_viptela|cisco_s300/, 'another system of Cisco: FTD, Viptela, small business'],
  [/iosxr|cisco_xr/, 'another system of Cisco: IOS-XR'],
  [/ShowIpArpInspection/, 'counters and settings of ARP inspection, no table of addresses'],
  [/BindingTotalNumber|InterfaceCount/, 'a count alone'],
  [/empty_output|ipv6_neighbors_table__empty/, 'no table at all: blank or the greeting of the box'],
];

export const whyOutOfScope = (file: string): string | undefined =>
  outOfScope.find(([pattern]) => pattern.test(file))?.[1];

/** Every sample of a table, without the companions. */
export function tableSamples(): Sample[] {
  const rows = readFileSync(join(realdata, 'INDEX.tsv'), 'utf8')
    .split('\n')
    .map((line) => line.split('\t'));
  const files = rows.flatMap(([file = '', , , , , kind = '']) => (tableKinds.test(kind) ? [{ file, kind }] : []));
  return files
    .filter(({ file }) => !isCompanion(file) && !file.endsWith('__facts.yml'))
    .map((one) => ({ ...one, companion: companionOf(one.file) }));
}

function companionOf(file: string): string | undefined {
  const candidates = file.includes('/napalm__')
    ? [napalmCase(file)]
    : [file.replace(/\.raw$/, '.yml'), file.replace(/\.out$/, '.json'), `${file}.json`];
  return candidates.find((one) => one !== file && existsSync(join(realdata, one)));
}

/** napalm puts what a device said beside `expected_result.json` of the same case. */
const napalmCase = (file: string): string => {
  const [, before = ''] =
    /^(.*__mocked_data__test_get_[a-z0-9_]+?_table(?:_with_vrf)?__[A-Za-z0-9_]+?)__(?:show_|get-|_Get|ipv4-|l2vpn)/.exec(
      file,
    ) ?? [];
  return `${before}__expected_result.json`;
};

export const readSample = (file: string): string => readFileSync(join(realdata, file), 'utf8');
