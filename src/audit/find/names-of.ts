import {
  type Ipv6Address,
  type Ipv6Prefix,
  linkLocalOf,
  type MacAddress,
  prefixBits,
  wordsOf,
} from '../../../events/index.js';
import {
  addOnAddresses,
  type AssignmentRow,
  endedPrefixesOf,
  formerAddressesOf,
  formerMacsOf,
  grantedPrefixes,
  macOf,
  type NetworkMap,
  otherMacsOf,
} from '../../../projections/index.js';
import { hexOfIpv4, hexOfMac, hexOfWords, prefixKey } from './keys.js';

/** The orders that names stand in. `eui64`: the link-local of a MAC that billing gave no other, looked up by that MAC. */
export const columnNames = [
  'server',
  'customer',
  'port',
  'mac',
  'eui64',
  'ipv4',
  'ipv6',
  'prefix',
  'violation',
] as const;
export type ColumnName = (typeof columnNames)[number];

/** The tables of the map whose rows have names. */
export const sources = ['assignments', 'links', 'seen-macs', 'gateways', 'violations'] as const;
export type Source = (typeof sources)[number];

/** How a row has a name: `former` had it until then, `seen` was heard with it. */
export type Role = 'own' | 'beside' | 'former' | 'seen' | 'gateway';

/** One name of a row. */
export interface Naming {
  readonly column: ColumnName;
  /** What the column sorts by, in lower case. */
  readonly key: string;
  /** As it is shown. */
  readonly name: string;
  readonly role: Role;
  /** Of a former one: when it ended, ms since 1970. */
  readonly until?: number;
}

/** The names of a row; empty where there is none. */
export function namesOf(map: NetworkMap, source: Source, key: string): Naming[] {
  switch (source) {
    case 'assignments': {
      const row = map.assignments.get(key);
      return row === undefined ? [] : namesOfServer(row);
    }
    case 'links':
      return map.links.get(key) === undefined ? [] : [chosen('port', key)];
    case 'seen-macs':
      return namesSeen(map, key);
    case 'gateways':
      return namesOfGateway(map, key);
    case 'violations':
      return map.violations.get(key) === undefined ? [] : [chosen('violation', key)];
  }
}

/** The names of a server: also of one that is pending or removed, as far as its row has them. */
export function namesOfServer(row: AssignmentRow): Naming[] {
  const names: Naming[] = [chosen('server', row.serverId)];
  if (row.customer !== undefined) names.push(chosen('customer', row.customer.value));
  if (row.port !== undefined) names.push(chosen('port', row.port.value));
  const main = macOf(row)?.value;
  if (main !== undefined) names.push(ofMac(main, 'own'));
  for (const mac of otherMacsOf(row)) if (mac !== main) names.push(ofMac(mac, 'beside'));
  for (const { value, endedAt } of formerMacsOf(row)) names.push({ ...ofMac(value, 'former'), until: endedAt });
  if (row.linkLocal !== undefined) names.push(ofIpv6(row.linkLocal.value, 'own'));
  else if (main !== undefined) names.push(ofEui64(main));
  for (const { value } of addOnAddresses(row)) names.push(ofIpv4(value, 'own'));
  for (const { value, endedAt } of formerAddressesOf(row)) names.push({ ...ofIpv4(value, 'former'), until: endedAt });
  const granted = grantedPrefixes(row).map(({ prefix }) => prefix);
  for (const prefix of granted) names.push(ofPrefix(prefix, 'own'));
  for (const [prefix, until] of formerPrefixes(row))
    if (!granted.includes(prefix)) names.push({ ...ofPrefix(prefix, 'former'), until });
  return names;
}

/** The prefixes that billing released, or that were allocated to orders and count no more, each with when that was. */
function formerPrefixes(row: AssignmentRow): ReadonlyMap<Ipv6Prefix, number> {
  const released = row.prefixes.flatMap(({ prefix, value, time }) => (value ? [] : [[prefix, time] as const]));
  const ended = endedPrefixesOf(row).map(({ value, endedAt }) => [value, endedAt] as const);
  return new Map([...ended, ...released]);
}

function namesSeen(map: NetworkMap, port: string): Naming[] {
  const row = map.seenMacs.get(port);
  if (row === undefined) return [];
  const macs = new Set(row.sightings.map(({ mac }) => mac));
  return [chosen('port', port), ...[...macs].map((mac) => ofMac(mac, 'seen'))];
}

function namesOfGateway(map: NetworkMap, switchName: string): Naming[] {
  const gateway = map.gateways.get(switchName)?.declaration.value;
  if (gateway === undefined) return [];
  const addresses = gateway.addresses.map((address) =>
    address.includes(':') ? ofIpv6(address, 'gateway') : ofIpv4(address, 'gateway'),
  );
  return [...addresses, ...gateway.macs.map((mac) => ofMac(mac, 'gateway'))];
}

const chosen = (column: ColumnName, name: string): Naming => ({
  column,
  key: name.toLowerCase(),
  name,
  role: 'own',
});

const ofMac = (mac: string, role: Role): Naming => ({ column: 'mac', key: hexOfMac(mac), name: mac, role });

const ofIpv4 = (address: string, role: Role): Naming => ({
  column: 'ipv4',
  key: hexOfIpv4(address),
  name: address,
  role,
});

const ofIpv6 = (address: string, role: Role): Naming => ({
  column: 'ipv6',
  key: hexOfWords(wordsOf(address)),
  name: address,
  role,
});

const ofEui64 = (mac: MacAddress): Naming => {
  const name: Ipv6Address = linkLocalOf(mac);
  return { column: 'eui64', key: hexOfMac(mac), name, role: 'own' };
};

function ofPrefix(prefix: AssignmentRow['prefixes'][number]['prefix'], role: Role): Naming {
  const { words, length } = prefixBits(prefix);
  return { column: 'prefix', key: prefixKey(words, length), name: prefix, role };
}
