import {
  formatIpv4,
  ipv4Number,
  parseIpv4,
  parseIpv6,
  parseIpv6Prefix,
  parseMac,
  parseVlan,
  prefixBits,
  type Ipv4Address,
  type Ipv6Prefix,
} from '../../../events/index.js';
import type { DhcpHost4, DhcpHost6 } from './dhcp.port.js';
import { host4Fault, host6Fault, isPlainInterface } from './host-faults.js';
import { type Json, type JsonObject, listOf, objectOf } from './json.js';

/** Under this key of `user-context`, which Kea keeps for others, stands what is ours. */
export const ownKey = 'portledger';

// One place of each kind a VLAN; far above the numbers that people and Kea itself give to subnets.
const addressIds = 1_000_000;
const prefixIds = 2_000_000;

/** The VLAN of a subnet number of ours; undefined for any other. */
export function vlanOfSubnet(id: unknown): number | undefined {
  return parseVlan(Number(id) - addressIds) ?? parseVlan(Number(id) - prefixIds);
}

/** The numbers of the DHCPv6 subnets of a VLAN. */
export const subnets6Of = (vlan: number): readonly number[] => [addressIds + vlan, prefixIds + vlan];

/**
 * What a machine is started with gives way soon: to the address that billing sells it meanwhile, or to its system, which
 * does not ask for it again.
 */
const netbootSeconds = 120;
const shortLease = {
  'valid-lifetime': netbootSeconds,
  'min-valid-lifetime': netbootSeconds,
  'max-valid-lifetime': netbootSeconds,
};

/** The /30 around an address; firmware reaches no gateway that is not on its own network. */
const networkOf = (address: Ipv4Address): string => `${formatIpv4(ipv4Number(address) - (ipv4Number(address) % 4))}/30`;

/**
 * The subnet of one server (Dhcp4): a /32, or its private /30, so that it is bound to its interface and no other server is
 * in it.
 * Throws a TypeError for values that are not what their types say.
 */
export function subnet4Of(host: DhcpHost4): JsonObject {
  const { interface: name, vlan, mac, address, routers, netboot } = checked4(host);
  return {
    id: addressIds + vlan,
    subnet: netboot === undefined ? `${address}/32` : networkOf(address),
    ...(netboot === undefined ? {} : shortLease),
    interface: name,
    authoritative: true,
    // Firmware, iPXE, installer and system name themselves differently; the MAC alone says who it is.
    'match-client-id': false,
    pools: [],
    'option-data': routers.length === 0 ? [] : [{ name: 'routers', data: routers.join(', ') }],
    reservations: [{ 'hw-address': mac, 'ip-address': address, 'option-data': [], 'client-classes': [] }],
    'user-context': { [ownKey]: { ...host, routers: [...routers] } },
  };
}

/**
 * The network of one server (Dhcp6): its address and its prefixes, for the class of that server only. Two subnets, as the
 * address may lie inside a prefix. Throws a TypeError for values that are not what their types say.
 */
export function network6Of(host: DhcpHost6): JsonObject {
  const { interface: name, vlan, address, prefixes } = checked6(host);
  const common = { interface: name, reservations: [], 'option-data': [] };
  const own = { 'client-class': classOf(name), 'option-data': [] };
  const [first] = prefixes;
  const { address: _none, ...rest } = host;
  return {
    name: `${ownKey}-${name}`,
    interface: name,
    'option-data': [],
    'user-context': { [ownKey]: { ...rest, prefixes: [...prefixes], ...(address === undefined ? {} : { address }) } },
    subnet6: [
      ...(address === undefined
        ? []
        : [
            {
              ...common,
              id: addressIds + vlan,
              subnet: `${address}/128`,
              pools: [{ ...own, pool: `${address}/128` }],
              'pd-pools': [],
            },
          ]),
      ...(first === undefined
        ? []
        : [
            {
              ...common,
              id: prefixIds + vlan,
              subnet: first,
              pools: [],
              'pd-pools': prefixes.toSorted(inOrder).map((prefix) => ({ ...own, ...delegated(prefix) })),
            },
          ]),
    ],
  };
}

/**
 * The class of one server's machine. Kea's own reading of a MAC would not do: it takes a DUID before the link-local address,
 * and from that no locally administered MAC, which virtual machines have.
 */
export function class6Of(host: DhcpHost6): JsonObject {
  const { interface: name, mac, linkLocal } = checked6(host);
  const duid = `substring(option[1].hex,-6,6) == 0x${mac.replaceAll(':', '')}`;
  return {
    name: classOf(name),
    test: `pkt.iface == '${name}' and (pkt.src == ${linkLocal} or ${duid})`,
    'option-data': [],
  };
}

/** The host that a subnet of ours says it is for; undefined where it says none, or no possible one. */
export function host4In(subnet: JsonObject): DhcpHost4 | undefined {
  const said = objectOf(objectOf(subnet['user-context'])[ownKey]);
  const [vlan, mac, address, listen] = [
    parseVlan(said.vlan),
    parseMac(said.mac),
    parseIpv4(said.address),
    parseIpv4(said.listen),
  ];
  const routers = parsedAll(said.routers, parseIpv4);
  const name = said.interface;
  if (
    typeof name !== 'string' ||
    !isPlainInterface(name) ||
    !vlan ||
    !mac ||
    !address ||
    !listen ||
    routers === undefined
  )
    return undefined;
  const started = said.netboot === true ? { netboot: true as const } : {};
  return { interface: name, vlan, mac, address, routers, listen, ...started };
}

/** The host that a network of ours says it is for; undefined where it says none, or no possible one. */
export function host6In(network: JsonObject): DhcpHost6 | undefined {
  const said = objectOf(objectOf(network['user-context'])[ownKey]);
  const [vlan, mac, linkLocal] = [parseVlan(said.vlan), parseMac(said.mac), parseIpv6(said.linkLocal)];
  const address = parseIpv6(said.address);
  const prefixes = parsedAll(said.prefixes, parseIpv6Prefix);
  const name = said.interface;
  if (typeof name !== 'string' || !isPlainInterface(name) || !vlan || !mac || !linkLocal || prefixes === undefined)
    return undefined;
  return { interface: name, vlan, mac, linkLocal, address, prefixes };
}

/** What `interfaces-config` lists for a host. */
export const listen4 = ({ interface: name, listen }: DhcpHost4): string => `${name}/${listen}`;

const classOf = (name: string): string => `${ownKey}-${name}`;

/** Kea shows pools by address, in whatever order they came. */
function inOrder(one: Ipv6Prefix, other: Ipv6Prefix): number {
  const [ours, theirs] = [prefixBits(one).words, prefixBits(other).words];
  const index = ours.findIndex((word, at) => word !== theirs[at]);
  return index < 0 ? 0 : (ours[index] ?? 0) - (theirs[index] ?? 0);
}

function delegated(prefix: Ipv6Prefix): JsonObject {
  const { length } = prefixBits(prefix);
  return { prefix: prefix.slice(0, prefix.indexOf('/')), 'prefix-len': length, 'delegated-len': length };
}

function checked4(host: DhcpHost4): DhcpHost4 {
  const fault = host4Fault(host);
  if (fault !== undefined) throw new TypeError(fault);
  return host;
}

function checked6(host: DhcpHost6): DhcpHost6 {
  const fault = host6Fault(host);
  if (fault !== undefined) throw new TypeError(fault);
  return host;
}

function parsedAll<Value>(said: Json | undefined, parse: (value: unknown) => Value | undefined): Value[] | undefined {
  const list = listOf(said);
  const values = list.flatMap((one) => parse(one) ?? []);
  return values.length === list.length ? values : undefined;
}
