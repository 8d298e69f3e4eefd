import { type IpAddress, type MacAddress, parseIp, parseIpv4, parseMac } from '../../../events/index.js';
import type { ConfiguredEntry, ResolvedRow, RoutedInterface } from './configured-entries.js';
import { readEosLine } from './eos-lines.js';

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const rowOf = (value: unknown): Row => (isRow(value) ? value : {});
const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? (value as unknown[]).filter(isRow) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Every interface of `show interfaces`, with the VRF and the IPv6 addresses that the two other answers know. */
export function eosInterfacesOf(interfaces: unknown, ip: unknown, ipv6: unknown): Map<string, RoutedInterface> {
  const ipRows = rowOf(rowOf(ip)['interfaces']);
  const ipv6Rows = rowOf(rowOf(ipv6)['interfaces']);
  const states = new Map<string, RoutedInterface>();
  for (const [name, value] of Object.entries(rowOf(rowOf(interfaces)['interfaces']))) {
    const row = rowOf(value);
    const routed = rowOf(ipRows[name]);
    const routed6 = rowOf(ipv6Rows[name]);
    const networks = [row['interfaceAddress'], routed['interfaceAddress']].flatMap(networksOf);
    const adminUp = row['interfaceStatus'] !== 'disabled';
    const addresses = new Set([...networks.map(({ address }) => address), ...ipv6AddressesOf(routed6)]);
    states.set(name, {
      name,
      adminUp,
      carrier: adminUp && row['lineProtocolStatus'] === 'up',
      addresses: [...addresses],
      ...vrfOf(textOf(routed['vrf']) || textOf(routed6['vrf'])),
      subnets: networks.map(({ address, length }) => ({ network: address, length })),
    });
  }
  return states;
}

/** EOS calls its default VRF so. */
const vrfOf = (name: string): { vrf?: string } => (name === '' || name === 'default' ? {} : { vrf: name });

/** `interfaceAddress` is one object in `show ip interface` and a list of them in `show interfaces`. */
function networksOf(value: unknown): { address: IpAddress; length: number }[] {
  const rows = Array.isArray(value) ? rowsOf(value) : [rowOf(value)];
  const all = rows.flatMap((row) => [row['primaryIp'], ...rowsOf(row['secondaryIpsOrderedList']), row['virtualIp']]);
  return all.flatMap((one) => {
    const { address: text, maskLen: length } = rowOf(one);
    const address = parseIpv4(text);
    return address === undefined || address === '0.0.0.0' || typeof length !== 'number' ? [] : [{ address, length }];
  });
}

function ipv6AddressesOf(row: Row): IpAddress[] {
  const texts = [rowOf(row['linkLocal'])['address'], ...rowsOf(row['addresses']).map((one) => one['address'])];
  return texts.map(parseIp).filter((address): address is IpAddress => address !== undefined);
}

/** The rows of `show arp vrf all` and of `show ipv6 neighbors vrf all`; "Vlan101, Port-Channel2" is a row of Vlan101. */
export function eosResolvedOf(answer: unknown): ResolvedRow[] {
  return Object.entries(rowOf(rowOf(answer)['vrfs'])).flatMap(([name, table]) => {
    const { vrf } = vrfOf(name);
    const { ipV4Neighbors, ipV6Neighbors } = rowOf(table);
    return [...rowsOf(ipV4Neighbors), ...rowsOf(ipV6Neighbors)].flatMap((row) => {
      const address = parseIp(row['address']);
      const mac: MacAddress | undefined = parseMac(row['hwAddress']);
      const where = textOf(row['interface']).split(',', 1)[0] ?? '';
      if (address === undefined || mac === undefined || where === '') return [];
      return [{ vrf, address, mac, interface: where, isStatic: row['age'] === undefined }];
    });
  });
}

/** The static entries of a running configuration; indented lines belong to something else. */
export function eosStaticsOf(configuration: string): ConfiguredEntry[] {
  return configuration.split('\n').flatMap((line) => readEosLine(line) ?? []);
}
