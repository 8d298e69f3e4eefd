import type { TableEntry, TableFormat } from '../table-entry.js';
import { ageOf, macEntry, neighbourEntry, vlanOf } from '../table-fields.js';
import { type JsonRow, jsonOf, nothingOf, parseRows, type Row, rowOf, rowsOf, textOf } from './json-rows.js';

function neighbourOf(vrf: string | undefined) {
  return (row: Row, place: number): TableEntry | undefined => {
    const age = textOf(row['time-stamp']);
    const hardware = textOf(row['mac']);
    const mac = hardware === 'INCOMPLETE' ? undefined : hardware;
    const isStatic = age === '-';
    return neighbourEntry(place, {
      address: textOf(row['ip-addr-out']) ?? textOf(row['ipv6-addr']),
      mac,
      interface: textOf(row['intf-out']),
      port: textOf(row['phy-intf']),
      vrf,
      ageMs: ageOf(age, 1000),
      type: mac === undefined ? 'incomplete' : isStatic ? 'static' : 'dynamic',
      isStatic,
    });
  };
}

function macRow(row: Row, place: number): TableEntry | readonly TableEntry[] | undefined {
  const type =
    textOf(row['disp_is_static']) === 'enabled' || textOf(row['disp_is_static']) === '1' ? 'static' : 'dynamic';
  const fields = {
    mac: textOf(row['disp_mac_addr']),
    vlan: vlanOf(textOf(row['disp_vlan'])),
    type,
    ageMs: ageOf(textOf(row['disp_age']), 1000),
    isStatic: type === 'static',
  };
  const port = textOf(row['disp_port']) ?? '';
  const ports = port.startsWith('vPC') ? [port] : port.split(/[ ,]+/);
  const entries = ports.map((one) => macEntry(place, { ...fields, port: one === '' ? undefined : one }));
  return entries.every((one) => one !== undefined) ? entries : undefined;
}

function rowsOfAnswer(answer: unknown): JsonRow[] | undefined {
  const body = rowOf(answer);
  if (body['TABLE_vrf'] === undefined && body['TABLE_mac_address'] === undefined) return undefined;
  const neighbours = rowsOf(rowOf(body['TABLE_vrf'])['ROW_vrf']).flatMap((one) => {
    const vrf = rowOf(one);
    const read = neighbourOf(textOf(vrf['vrf-name-out']));
    const { TABLE_adj } = vrf;
    return rowsOf(TABLE_adj)
      .flatMap((table) => rowsOf(rowOf(table)['ROW_adj']))
      .map((value) => ({ value, read }));
  });
  const macs = rowsOf(rowOf(body['TABLE_mac_address'])['ROW_mac_address']);
  return [...neighbours, ...macs.map((value) => ({ value, read: macRow }))];
}

/** `show ip arp | json` and `show mac address-table | json` of NX-OS, also by NX-API; one row stands without its list (napalm). */
export const nxosJson: TableFormat = {
  name: 'nxos-json',
  vendor: 'Cisco NX-OS',
  tables: ['arp', 'nd', 'mac'],
  command: 'show ip arp vrf all | json',
  detect: (text) => (rowsOfAnswer(jsonOf(text)) === undefined ? 0 : 1),
  parse(text) {
    const rows = rowsOfAnswer(jsonOf(text));
    return rows === undefined ? nothingOf(text) : parseRows(rows);
  },
};
