/** One row as a companion file of a sample states it, in the words of our own entries. */
export interface StatedRow {
  readonly address?: string | undefined;
  readonly mac?: string | undefined;
  readonly vlan?: number | undefined;
  readonly place?: string | undefined;
  /** Seconds or minutes, as the companion counts. */
  readonly age?: number | undefined;
  readonly isStatic?: boolean | undefined;
}

type Values = Readonly<Record<string, string | readonly string[]>>;

/** Reads the flat YAML of ntc-templates: a list of maps from words to strings or lists of strings. */
export function readYamlRows(text: string): Values[] {
  const rows: Record<string, string | string[]>[] = [];
  let list: string[] | undefined;
  for (const line of text.split('\n')) {
    if (/^---|^parsed_sample:|^\s*$|^\s*#/.test(line)) continue;
    const item = /^ {6}- (.*)$/.exec(line);
    if (item !== null) {
      if (list === undefined) throw new Error(`a list item without a list: ${line}`);
      list.push(unquoted(item[1] ?? ''));
      continue;
    }
    const [, dash, key = '', value = ''] = /^ {2}(-| ) ([a-z_0-9]+):(?: (.*))?$/.exec(line) ?? [];
    if (dash === undefined) throw new Error(`not a line of the YAML that is expected: ${line}`);
    if (dash === '-') rows.push({});
    const row = rows.at(-1);
    if (row === undefined) throw new Error(`a value without a row: ${line}`);
    list = value === '' ? [] : undefined;
    row[key] = list ?? (value === '[]' ? [] : unquoted(value));
  }
  return rows;
}

const unquoted = (text: string): string =>
  text
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replace(/^'(.*)'$/, '$1');

const one = (row: Values, ...keys: readonly string[]): string | undefined => {
  const value = keys.map((key) => row[key]).find((found) => found !== undefined);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** What ntc-templates states, a row for each port. */
export function statedByNtc(text: string): StatedRow[] {
  return readYamlRows(text).flatMap((row) => {
    const address = one(row, 'ip_address', 'address', 'ipv6_address', 'ipv6_addr');
    const mac = one(row, 'mac_address', 'hardware_address', 'destination_address', 'hw_address');
    const ports =
      row['destination_port'] ?? row['ports'] ?? row['logical_interface'] ?? row['interface'] ?? row['port'] ?? '';
    const vlan = one(row, 'vlan_id', 'vlan');
    const isStated = typeof ports === 'string' || ports.length > 0;
    return (isStated ? [ports].flat() : ['']).map((place) => ({
      address,
      mac,
      place,
      ...(vlan !== undefined && /^\d+$/.test(vlan) && { vlan: Number(vlan) }),
    }));
  });
}

interface NapalmRow {
  readonly ip?: string;
  readonly mac: string;
  readonly interface: string;
  readonly age?: number;
  readonly vlan?: number;
  readonly static?: boolean;
}

/** What napalm states; it calls "no VLAN" 0 and "no age" -1. */
export function statedByNapalm(text: string): StatedRow[] {
  return (JSON.parse(text) as NapalmRow[]).map(({ ip, mac, interface: place, age, vlan, static: isStatic }) => ({
    address: ip,
    mac: mac === '' ? undefined : mac,
    place,
    age: age === -1 ? undefined : age,
    vlan: vlan === 0 ? undefined : vlan,
    isStatic,
  }));
}

interface JcRow {
  readonly address?: string;
  readonly hwaddress?: string | null;
  readonly iface?: string;
  readonly permanent?: boolean;
  readonly IP_address?: string;
  readonly HW_address?: string;
  readonly Device?: string;
}

/** What jc states. */
export function statedByJc(text: string): StatedRow[] {
  return (JSON.parse(text) as JcRow[]).map((row) => ({
    address: row.address ?? row.IP_address,
    mac: row.hwaddress ?? row.HW_address ?? undefined,
    place: row.iface ?? row.Device ?? '',
    isStatic: row.permanent ?? false,
  }));
}
