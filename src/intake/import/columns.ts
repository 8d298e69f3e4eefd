import { nearest } from '../../config/nearest.js';

/** What a row may say of a server; the name is the one of the documentation. */
export const columns = {
  server: { required: true, says: "billing's opaque id of the server", also: ['serverid'] },
  customer: { required: true, says: "billing's opaque id of the customer", also: ['customerid'] },
  switch: {
    required: false,
    says: 'the logical switch, where `port` or `interface` names the interface only',
    also: ['switchname'],
  },
  interface: { required: false, says: 'the interface on that switch', also: ['switchinterface', 'ifname'] },
  port: {
    required: false,
    says: '`switch:interface`; with a column `switch`, the interface',
    also: ['switchport', 'portid'],
  },
  vlan: { required: true, says: 'VLAN id, 1 to 4094', also: ['vlanid', 'vid'] },
  mac: { required: false, says: 'MAC in any notation; blank: billing names none', also: ['macaddress'] },
  'link-local': {
    required: false,
    says: "billing's own handle for the MAC in neighbour entries, in fe80::/64",
    also: ['linklocaladdress'],
  },
  prefixes: {
    required: false,
    says: 'IPv6 prefixes sold, parted by blanks or `;`',
    also: ['prefix', 'ipv6', 'ipv6prefix', 'ipv6prefixes'],
  },
  ipv4: {
    required: false,
    says: 'IPv4 add-ons, parted by blanks or `;`: `address`, `id=address`, or `id=` where none is allocated yet',
    also: ['ipv4addon', 'ipv4addons', 'ipv4address', 'ipv4addresses'],
  },
  since: {
    required: false,
    says: 'since when, RFC 3339 with a zone; blank: what --time says',
    also: ['time', 'validfrom'],
  },
} as const satisfies Record<string, ColumnNote>;

interface ColumnNote {
  readonly required: boolean;
  readonly says: string;
  /** Other names it goes by, as `plain` spells them. */
  readonly also: readonly string[];
}

export type Column = keyof typeof columns;
export const columnNames = Object.keys(columns) as Column[];

/** A header understood: which column stands where, and which names mean none. */
export interface Header {
  readonly columns: readonly (Column | undefined)[];
  readonly unread: readonly string[];
}

/** The column that a name means, in any case and with any of blanks, `-`, `_` and `.` in it. */
export function columnOf(name: string): Column | undefined {
  return byPlainName.get(plain(name));
}

/** Reads a header; `problem` says what is missing or doubled. */
export function readHeader(names: readonly string[]): Header | { readonly problem: string } {
  const found = names.map(columnOf);
  const doubled = found.find((column, index) => column !== undefined && found.indexOf(column) !== index);
  if (doubled !== undefined) return { problem: `two columns mean ${doubled}; leave one of them out` };
  const unread = names.filter((_, index) => found[index] === undefined);
  const missing = missingOf(new Set(found));
  if (missing === undefined) return { columns: found, unread };
  const guess = nearestOf(missing, unread);
  const meant = guess === undefined ? '' : ` (is "${guess}" meant?)`;
  return { problem: `no column ${missing}${meant}; expected a header line with ${needed}` };
}

const needed = 'server, customer, vlan, and port or switch and interface';

function missingOf(found: ReadonlySet<Column | undefined>): Column | undefined {
  const missing = columnNames.find((column) => columns[column].required && !found.has(column));
  if (missing !== undefined) return missing;
  if (found.has('port')) return undefined;
  if (!found.has('switch')) return 'port';
  return found.has('interface') ? undefined : 'interface';
}

function nearestOf(column: Column, unread: readonly string[]): string | undefined {
  const spelt = new Map(unread.map((name) => [plain(name), name]));
  const guess = nearest(column, [...spelt.keys()]);
  return guess === undefined ? undefined : spelt.get(guess);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, '');
}

const byPlainName: ReadonlyMap<string, Column> = new Map(
  columnNames.flatMap((column) => [column, ...columns[column].also].map((name) => [plain(name), column] as const)),
);
