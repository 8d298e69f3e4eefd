import type { TableEntry, TableFormat } from '../table-entry.js';
import { macEntry, neighbourEntry, vlanOf } from '../table-fields.js';
import { type JsonRow, jsonOf, nothingOf, parseRows, type Row, rowOf, rowsOf, textOf } from './json-rows.js';

/** A row of `show arp` or `show ipv6 neighbors`: without an age it is static; "Vlan101, Port-Channel2" names both interfaces. */
function neighbourOf(vrf: string) {
  return (row: Row, place: number): TableEntry | undefined => {
    const { age } = row;
    const isStatic = typeof age !== 'number';
    const [routed, second] = (textOf(row['interface']) ?? '').split(', ');
    const port =
      second === 'not learned'
        ? undefined
        : (second ?? (/^(?:Ethernet|Port-Channel)/.test(routed ?? '') ? routed : undefined));
    const ageMs = isStatic ? undefined : Math.round(age * 1000);
    const [address, mac] = [textOf(row['address']), textOf(row['hwAddress'])];
    return neighbourEntry(place, {
      address,
      mac,
      interface: routed,
      port,
      vrf,
      ageMs,
      type: isStatic ? 'static' : 'dynamic',
      isStatic,
    });
  };
}

function macRow(row: Row, place: number): TableEntry | readonly TableEntry[] | undefined {
  const { macAddress, vlanId, entryType, interface: name, interfaces } = row;
  const type = textOf(entryType);
  const fields = { mac: textOf(macAddress), vlan: vlanOf(textOf(vlanId)), type, isStatic: type !== 'dynamic' };
  if (interfaces === undefined) return macEntry(place, { ...fields, port: textOf(name) });
  const entries = rowsOf(interfaces).map((one) => macEntry(place, { ...fields, port: textOf(one) }));
  return entries.every((one) => one !== undefined) ? entries : undefined;
}

function rowsOfAnswer(answer: unknown): JsonRow[] | undefined {
  const { vrfs, unicastTable, multicastTable } = rowOf(answer);
  if (vrfs === undefined && unicastTable === undefined && multicastTable === undefined) return undefined;
  const neighbours = Object.entries(rowOf(vrfs)).flatMap(([vrf, table]) => {
    const { ipV4Neighbors, ipV6Neighbors } = rowOf(table);
    const read = neighbourOf(vrf);
    return [...rowsOf(ipV4Neighbors), ...rowsOf(ipV6Neighbors)].map((value) => ({ value, read }));
  });
  const macs = [unicastTable, multicastTable].flatMap((table) => rowsOf(rowOf(table)['tableEntries']));
  return [...neighbours, ...macs.map((value) => ({ value, read: macRow }))];
}

/**
 * The answers of eAPI to `show arp vrf all`, `show ipv6 neighbors vrf all` and `show mac address-table` (napalm; pyeapi and
 * Arista's own schema for the MAC table, of which no sample is at hand). One answer, a list of them, or a whole JSON-RPC reply.
 */
export const eosJson: TableFormat = {
  name: 'eos-json',
  vendor: 'Arista EOS',
  tables: ['arp', 'nd', 'mac'],
  command: 'show arp vrf all | json',
  detect(text) {
    const answers = answersOf(jsonOf(text));
    return answers.length > 0 && answers.every((one) => rowsOfAnswer(one) !== undefined) ? 1 : 0;
  },
  parse(text) {
    const rows = answersOf(jsonOf(text)).map(rowsOfAnswer);
    if (rows.length === 0 || rows.some((one) => one === undefined)) return nothingOf(text);
    return parseRows(rows.flatMap((one) => one ?? []));
  },
};

function answersOf(json: unknown): unknown[] {
  const { result } = rowOf(json);
  return rowsOf(result ?? json);
}
