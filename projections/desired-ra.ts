import { type Ipv6Address, isLinkLocal, parseIpv6, type ServerId } from '../events/index.js';
import { type GatewayView, speaksFor, vlanInterface, whyNothing, type Withheld } from './desired-state.js';
import type { NetworkMap } from './network-map.js';

/** That the machine of one server is told its default route by router advertisements (RFC 4861), as the map grants it. */
export interface DesiredRa {
  readonly serverId: ServerId;
  readonly interface: string;
  /** Link-local addresses of the gateway that was declared for its VLAN, one of which is the default route. */
  readonly routers: readonly Ipv6Address[];
  /** Ordinal of the latest event that made it what it is. */
  readonly cause: number;
}

/**
 * Where a device should send router advertisements: at the VLAN interface of every server that holds a prefix. Without one
 * there is nothing to route, and an advertisement would only make the machine ask by DHCPv6 for ever. A server that is
 * suspended or waits is advertised nothing; so is one whose neighbour entries are withheld.
 */
export function desiredRa(
  map: NetworkMap,
  view: GatewayView,
): { readonly advertised: readonly DesiredRa[]; readonly withheld: readonly Withheld[] } {
  const [advertised, withheld] = [[] as DesiredRa[], [] as Withheld[]];
  for (const binding of map.bindingsOnSwitch(view.switch)) {
    const { serverId, vlan, mac, linkLocal, prefixes } = binding;
    if (binding.state !== 'active' || vlan === undefined || mac === undefined || linkLocal === undefined) continue;
    const gateway = map.gatewayOf(view.switch, vlan);
    if (whyNothing(map, binding) !== undefined || speaksFor(gateway, linkLocal)) continue; // the device says why
    if (!prefixes.some(({ heldBy }) => heldBy === undefined)) continue;
    const routers = (gateway?.addresses ?? []).flatMap((one) => parseIpv6(one) ?? []).filter(isLinkLocal);
    const name = vlanInterface(view, vlan);
    if (routers.length === 0)
      withheld.push({ serverId, what: name, reason: 'no link-local address of a gateway is declared for its VLAN' });
    else
      advertised.push({
        serverId,
        interface: name,
        routers: routers.sort(),
        cause: Math.max(binding.changedAt, binding.freedAt),
      });
  }
  return { advertised, withheld };
}
