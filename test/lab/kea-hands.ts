import { type JsonObject, listOf, objectOf } from '../../src/drivers/dhcp/json.js';

/** What Kea's DHCPv4 daemon hands out by its configuration, as the contract of DHCP drivers spells it. */
export function handedOut4(config: JsonObject): string[] {
  return objectsIn(config['subnet4']).flatMap((subnet) => {
    const [routers] = objectsIn(subnet['option-data']).filter(({ name }) => name === 'routers');
    return objectsIn(subnet['reservations']).map((host) =>
      [
        '4',
        ...[subnet['interface'], host['hw-address'], host['ip-address']].map(textOf),
        'by',
        textOf(routers?.['data']),
      ].join(' '),
    );
  });
}

/** The same for DHCPv6, where a class says for whom a pool is. */
export function handedOut6(config: JsonObject): string[] {
  const classes = new Map(objectsIn(config['client-classes']).map((one) => [one['name'], textOf(one['test'])]));
  const who = (pool: JsonObject): string => {
    const test = classes.get(pool['client-class']) ?? '';
    const [, name, linkLocal, octets] =
      /^pkt\.iface == '(\S+)' and \(pkt\.src == (\S+) or .* == 0x([0-9a-f]{12})\)$/.exec(test) ?? [];
    return `6 ${name} ${octets?.match(/../g)?.join(':')} ${linkLocal}`;
  };
  const subnets = objectsIn(config['shared-networks']).flatMap((network) => objectsIn(network['subnet6']));
  return subnets.flatMap((subnet) => [
    ...objectsIn(subnet['pools']).map((pool) => `${who(pool)} ${textOf(pool['pool']).replace('/128', '')}`),
    ...objectsIn(subnet['pd-pools']).map(
      (pool) => `${who(pool)} ${textOf(pool['prefix'])}/${textOf(pool['prefix-len'])}`,
    ),
  ]);
}

/** The leases in an answer of Kea: `4 198.51.100.16`, `6 2001:db8:16::/48`. */
export function leasesIn(family: 4 | 6, answer: JsonObject): string[] {
  return objectsIn(answer['leases']).map((lease) => {
    const length = lease['type'] === 'IA_PD' ? `/${textOf(lease['prefix-len'])}` : '';
    return `${family} ${textOf(lease['ip-address'])}${length}`;
  });
}

/** The number of the subnet that serves an interface: with DHCPv6, of its addresses or of its prefixes. */
export function subnetOf(config: JsonObject, family: 4 | 6, interfaceName: string, ofPrefixes: boolean): unknown {
  const subnets =
    family === 4
      ? objectsIn(config['subnet4'])
      : objectsIn(config['shared-networks']).flatMap((network) => objectsIn(network['subnet6']));
  const fits = (subnet: JsonObject): boolean => ofPrefixes === listOf(subnet['pd-pools']).length > 0;
  return subnets.find((subnet) => subnet['interface'] === interfaceName && fits(subnet))?.['id'];
}

const takenId = 7;

/** With a subnet of an operator's own, or without it: no other can have the same prefix. */
export function placeTaken(config: JsonObject, family: 4 | 6, subnet: string, isSo: boolean): JsonObject {
  const key = `subnet${family}`;
  const others = objectsIn(config[key]).filter(({ id }) => id !== takenId);
  return { ...config, [key]: isSo ? [...others, { id: takenId, subnet }] : others };
}

/** With a pool or an option more at an interface, as somebody types it who does not know whose it is. */
export function withAltered(config: JsonObject, family: 4 | 6, interfaceName: string): JsonObject {
  const key = family === 4 ? 'subnet4' : 'shared-networks';
  const options = [{ name: family === 4 ? 'domain-name' : 'bootfile-url', data: 'altered.example' }];
  const places = objectsIn(config[key]).map((place) =>
    place['interface'] === interfaceName ? { ...place, 'option-data': options } : place,
  );
  return { ...config, [key]: places };
}

const objectsIn = (value: unknown): JsonObject[] => listOf(value).map(objectOf);
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
