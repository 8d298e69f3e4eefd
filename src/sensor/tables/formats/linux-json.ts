import type { TableEntry, TableFormat } from '../table-entry.js';
import { neighbourEntry } from '../table-fields.js';
import { jsonOf, nothingOf, parseRows, type Row, rowOf, textOf } from './json-rows.js';
import { notResolved } from './linux-states.js';

/** A row of `ip -j neigh`; with `-s` it also tells the seconds since the neighbour was last confirmed. */
function neighbour(row: Row, place: number): TableEntry | undefined {
  const { dst, dev, lladdr, state, confirmed } = row;
  const states = Array.isArray(state) ? state.map(String) : [];
  return neighbourEntry(place, {
    address: textOf(dst),
    mac: textOf(lladdr),
    interface: textOf(dev),
    type: states.join(' '),
    ageMs: typeof confirmed === 'number' && confirmed >= 0 ? confirmed * 1000 : undefined,
    isStatic: states.some((one) => one === 'PERMANENT' || one === 'NOARP'),
    isResolved: states.length > 0 && !states.some(notResolved),
  });
}

/** `ip -j neigh` of iproute2: both families in one list. A row of a proxy entry has no MAC and no state. */
export const linuxNeighJson: TableFormat = {
  name: 'linux-neigh-json',
  vendor: 'Linux',
  tables: ['arp', 'nd'],
  command: 'ip -j neigh show',
  detect(text) {
    const json = jsonOf(text);
    if (!Array.isArray(json)) return 0;
    if (json.length === 0) return 0.5;
    return 'dst' in rowOf(json[0]) && 'dev' in rowOf(json[0]) ? 1 : 0;
  },
  parse(text) {
    const json = jsonOf(text);
    return Array.isArray(json)
      ? parseRows(json.map((value: unknown) => ({ value, read: neighbour })))
      : nothingOf(text);
  },
};
