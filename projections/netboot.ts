import {
  formatIpv4,
  type Ipv4Address,
  ipv4Number,
  type Ipv4Prefix,
  ipv4Range,
  overlapsIpv4,
  type ServerId,
} from '../events/index.js';
import type { Binding } from './binding.js';
import type { NetworkMap } from './network-map.js';

/** The private /30 of one port, from which its machine is started over the network. Nothing of it is routed. */
export interface NetbootNetwork {
  /** The /30 itself. */
  readonly prefix: Ipv4Prefix;
  /** Its first host: the gateway, on the VLAN interface. */
  readonly gateway: Ipv4Address;
  /** Its second host: the machine. */
  readonly machine: Ipv4Address;
}

/** The prefixes that ports are started from, by switch; a switch that is not here has none. */
export type NetbootPrefixes = ReadonlyMap<string, Ipv4Prefix>;

export const noNetboot: NetbootPrefixes = new Map();

const networkSize = 4;

/**
 * The /30 of a VLAN: the one at 4 times its number from the start of the prefix, so a /18 has room for every VLAN.
 * Undefined where it lies beyond the prefix.
 */
export function netbootNetwork(prefix: Ipv4Prefix, vlan: number): NetbootNetwork | undefined {
  const { first, size } = ipv4Range(prefix);
  if ((vlan + 1) * networkSize > size) return undefined;
  const network = first + vlan * networkSize;
  return {
    prefix: `${formatIpv4(network)}/30` as Ipv4Prefix,
    gateway: formatIpv4(network + 1),
    machine: formatIpv4(network + 2),
  };
}

/** The VLAN whose machine is started with this address; undefined where none is. */
export function netbootVlanOf(prefix: Ipv4Prefix, address: string): number | undefined {
  const { first, size } = ipv4Range(prefix);
  const offset = ipv4Number(address) - first;
  return offset >= 0 && offset < size && offset % networkSize === 2 ? (offset - 2) / networkSize : undefined;
}

/** What a server is started with, where it holds no sold IPv4 address; undefined for one that does, and beyond the prefix. */
export function netbootOf(
  prefix: Ipv4Prefix | undefined,
  { vlan, addresses }: Pick<Binding, 'vlan' | 'addresses'>,
): NetbootNetwork | undefined {
  if (prefix === undefined || vlan === undefined || holdsIpv4({ addresses })) return undefined;
  return netbootNetwork(prefix, vlan);
}

/** Why a server is started with nothing, or with what. */
export type NetbootGrant =
  | { readonly network: NetbootNetwork; readonly withheld?: never }
  | { readonly network?: never; readonly withheld: string };

/**
 * Who is started with what on a switch with this prefix, as the map has it now. What is sold goes first: a network that a
 * pool or a sold address reaches into is withheld.
 */
export function netbootGrants(
  map: NetworkMap,
  prefix: Ipv4Prefix | undefined,
): (binding: Binding) => NetbootGrant | undefined {
  let pools: { readonly inTheWay: string | undefined } | undefined;
  return (binding) => {
    if (prefix === undefined || binding.vlan === undefined || holdsIpv4(binding)) return undefined;
    const network = netbootNetwork(prefix, binding.vlan);
    if (network === undefined) return { withheld: `VLAN ${binding.vlan} lies beyond ${prefix}, which netboot has` };
    pools ??= { inTheWay: poolIn(map, prefix) };
    if (pools.inTheWay !== undefined) return { withheld: `pool ${pools.inTheWay} overlaps ${prefix} of netboot` };
    const holder = holderIn(map, network);
    return holder === undefined ? { network } : { withheld: `an address of ${network.prefix} is sold to ${holder}` };
  };
}

const holdsIpv4 = ({ addresses }: Pick<Binding, 'addresses'>): boolean =>
  addresses.some(({ heldBy }) => heldBy === undefined);

function poolIn(map: NetworkMap, prefix: Ipv4Prefix): string | undefined {
  for (const { poolId, declaration } of map.pools.values()) {
    const pool = declaration.value?.prefix;
    if (pool !== undefined && !pool.includes(':') && overlapsIpv4(pool as Ipv4Prefix, prefix)) return poolId;
  }
  return undefined;
}

function holderIn(map: NetworkMap, { gateway, machine }: NetbootNetwork): ServerId | undefined {
  return (map.holderOfAddress(machine) ?? map.holderOfAddress(gateway))?.serverId;
}
