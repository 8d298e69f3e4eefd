import {
  type Ipv4Address,
  type Ipv6Address,
  type Ipv6Prefix,
  type MacAddress,
  parseIpv4,
  prefixBits,
  type ServerId,
  type Vlan,
} from '../events/index.js';
import { addressPairOf, type PairingPolicy } from './address-pair.js';
import type { Binding } from './binding.js';
import { type GatewayView, speaksFor, vlanInterface, whyNothing, type Withheld } from './desired-state.js';
import { type NetbootNetwork, netbootGrants } from './netboot.js';
import type { NetworkMap } from './network-map.js';
import { outermost } from './prefix-overlap.js';

/** What the machine of one server gets by DHCP, as the map grants it. */
export interface DesiredDhcp {
  readonly serverId: ServerId;
  readonly interface: string;
  readonly vlan: Vlan;
  readonly mac: MacAddress;
  readonly linkLocal: Ipv6Address;
  /** The IPv4 address of its pair. */
  readonly ipv4: Ipv4Address | undefined;
  /** The IPv4 addresses of the gateway that was declared for its VLAN. */
  readonly routers: readonly Ipv4Address[];
  /** What it is started with, where no IPv4 address was sold to it. */
  readonly netboot?: NetbootNetwork;
  /** The IPv6 address of its pair. */
  readonly ipv6: Ipv6Address | undefined;
  /** Delegated to it (RFC 8415 section 6.3); none longer than /64, none inside another one. */
  readonly prefixes: readonly Ipv6Prefix[];
  /** Ordinal of the latest event that made it what it is. */
  readonly cause: number;
}

const longestDelegated = 64;

/**
 * What the DHCP server of a device should hand out. A server that is suspended or waits gets nothing; so does one whose
 * neighbour entries are withheld, as nothing would lead to what it got.
 */
export function desiredDhcp(
  map: NetworkMap,
  view: GatewayView,
  policy: PairingPolicy,
): { readonly hosts: readonly DesiredDhcp[]; readonly withheld: readonly Withheld[] } {
  const [hosts, withheld] = [[] as DesiredDhcp[], [] as Withheld[]];
  const netbootOf = netbootGrants(map, view.netboot);
  for (const binding of map.bindingsOnSwitch(view.switch)) {
    const { serverId, vlan, mac, linkLocal } = binding;
    if (binding.state !== 'active' || vlan === undefined || mac === undefined || linkLocal === undefined) continue;
    const gateway = map.gatewayOf(view.switch, vlan);
    if (whyNothing(map, binding) !== undefined || speaksFor(gateway, linkLocal)) continue; // the device says why
    const pair = addressPairOf(map, binding, policy);
    const routers = (gateway?.addresses ?? []).flatMap((one) => parseIpv4(one) ?? []).sort();
    const reachable = routers.length > 0;
    if (pair?.ipv4 !== undefined && !reachable)
      withheld.push({ serverId, what: pair.ipv4, reason: 'no IPv4 gateway is declared for its VLAN' });
    const netboot = netbootOf(binding);
    if (netboot?.withheld !== undefined) withheld.push({ serverId, what: 'netboot', reason: netboot.withheld });
    hosts.push({
      serverId,
      interface: vlanInterface(view, vlan),
      vlan,
      mac,
      linkLocal,
      ipv4: reachable ? pair?.ipv4 : undefined,
      routers: pair?.ipv4 === undefined ? [] : routers,
      ...(netboot?.network === undefined ? {} : { netboot: netboot.network }),
      ipv6: pair?.ipv6,
      prefixes: delegated(binding),
      cause: Math.max(binding.changedAt, binding.freedAt),
    });
  }
  return { hosts, withheld };
}

function delegated({ prefixes }: Binding): Ipv6Prefix[] {
  const held = prefixes.filter(({ heldBy }) => heldBy === undefined).map(({ prefix }) => prefix);
  return outermost(held.filter((prefix) => prefixBits(prefix).length <= longestDelegated)).sort();
}
