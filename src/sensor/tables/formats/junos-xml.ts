import type { ParsedTable, TableEntry, TableFormat, UnparsedLine } from '../table-entry.js';
import { ageOf, macEntry, neighbourEntry, vlanOf } from '../table-fields.js';
import { vlanOfName } from './junos.js';
import { nothingOf } from './json-rows.js';
import { childText, elementsOf, type XmlElement, xmlOf } from './xml-elements.js';

/** A row of `<arp-table-information>`; its time to expire is no age. */
function arp(row: XmlElement, place: number): TableEntry | undefined {
  const flags = row.children.find((one) => one.name === 'arp-table-entry-flags')?.children.map((one) => one.name) ?? [];
  const isStatic = flags.includes('permanent');
  const [address, mac] = [childText(row, 'ip-address'), childText(row, 'mac-address')];
  return neighbourEntry(place, {
    address,
    mac,
    interface: childText(row, 'interface-name'),
    type: isStatic ? 'permanent' : 'dynamic',
    isStatic,
  });
}

function nd(row: XmlElement, place: number): TableEntry | undefined {
  const hardware = childText(row, 'ipv6-nd-neighbor-l2-address');
  const state = childText(row, 'ipv6-nd-state');
  return neighbourEntry(place, {
    address: childText(row, 'ipv6-nd-neighbor-address'),
    mac: hardware === 'none' ? undefined : hardware,
    interface: childText(row, 'ipv6-nd-interface-name'),
    type: state,
    isResolved: state !== 'unreachable' && state !== 'incomplete',
  });
}

/** A row of the MAC table, in the words of switches without ELS and of those with it; `*` is where unknown MACs are flooded. */
function mac(row: XmlElement, place: number): readonly TableEntry[] | undefined {
  const address = childText(row, 'mac-address') ?? childText(row, 'l2-mac-address');
  if (address === '*') return [];
  const name = childText(row, 'mac-vlan') ?? childText(row, 'l2-mac-vlan-name');
  const type = childText(row, 'mac-type') ?? childText(row, 'l2-mac-flags');
  const entry = macEntry(place, {
    mac: address,
    vlan: vlanOf(childText(row, 'mac-vlan-tag')) ?? vlanOfName(name),
    port: childText(row, 'mac-interface') ?? childText(row, 'l2-mac-logical-interface'),
    ageMs: ageOf(childText(row, 'mac-age'), 1000),
    type,
    isStatic: type !== undefined && /^static$|^S\b/i.test(type),
  });
  return entry === undefined ? undefined : [entry];
}

const readers = new Map<string, (row: XmlElement, place: number) => TableEntry | readonly TableEntry[] | undefined>([
  ['arp-table-entry', arp],
  ['ipv6-nd-entry', nd],
  ['mac-table-entry', mac],
  ['l2ng-mac-entry', mac],
]);
const tablesOfXml =
  /<(?:arp-table-information|ipv6-nd-information|ethernet-switching-table-information|l2ng-l2ald-rtb-macdb)\b/;

/**
 * `show arp`, `show ipv6 neighbors`, `show ethernet-switching table` of Junos with `| display xml` (napalm; the words of ELS
 * are made after Juniper's documentation).
 */
export const junosXml: TableFormat = {
  name: 'junos-xml',
  vendor: 'Juniper Junos',
  tables: ['arp', 'nd', 'mac'],
  command: 'show arp no-resolve | display xml',
  detect: (text) => (tablesOfXml.test(text) && xmlOf(text) !== undefined ? 1 : 0),
  parse(text): ParsedTable {
    const root = tablesOfXml.test(text) ? xmlOf(text) : undefined;
    if (root === undefined) return nothingOf(text);
    const entries: TableEntry[] = [];
    const unparsed: UnparsedLine[] = [];
    elementsOf(root, new Set(readers.keys())).forEach((row, index) => {
      const found = readers.get(row.name)?.(row, index + 1);
      if (found === undefined) unparsed.push({ line: index + 1, text: shown(row) });
      else if (Array.isArray(found)) entries.push(...(found as readonly TableEntry[]));
      else entries.push(found as TableEntry);
    });
    return { entries, unparsed };
  },
};

const shown = (row: XmlElement): string =>
  `${row.name}: ${row.children.map((one) => `${one.name} ${one.text.trim()}`).join(', ')}`.slice(0, 200);
