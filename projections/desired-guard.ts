import {
  type Ipv4Address,
  type Ipv6Address,
  type Ipv6Prefix,
  type MacAddress,
  parseIpv4,
  parseIpv6,
  type ServerId,
} from '../events/index.js';
import type { Binding } from './binding.js';
import { type GatewayView, speaksFor, vlanInterface, whyNothing } from './desired-state.js';
import { type NetbootGrant, netbootGrants } from './netboot.js';
import type { Gateway, NetworkMap } from './network-map.js';
import { outermost } from './prefix-overlap.js';

/** What may come in on one interface of a gateway, as the map grants it (RFC 2827). */
export interface DesiredPortGuard {
  readonly interface: string;
  /** Whose port it is; undefined where it is sold to nobody. */
  readonly serverId: ServerId | undefined;
  /** Why nothing may come in here; undefined where something may. */
  readonly closed: string | undefined;
  readonly macs: readonly MacAddress[];
  readonly ipv4: readonly Ipv4Address[];
  /** None inside another one. */
  readonly prefixes: readonly Ipv6Prefix[];
  /** What only the gateway itself may say it is; empty where no gateway was declared for this VLAN. */
  readonly gateway: {
    readonly macs: readonly MacAddress[];
    readonly ipv4: readonly Ipv4Address[];
    readonly ipv6: readonly Ipv6Address[];
  };
  /** Ordinal of the latest event that made this what it is; -1 where no event ever named the interface. */
  readonly cause: number;
}

/** What a guard on these interfaces of a device should let in. Every interface is named: one that nobody bought is closed. */
export function desiredGuard(map: NetworkMap, view: GatewayView, interfaces: readonly string[]): DesiredPortGuard[] {
  const byInterface = new Map<string, Binding[]>();
  for (const binding of map.bindingsOnSwitch(view.switch)) {
    if (binding.vlan === undefined || binding.state === 'removed') continue;
    const name = vlanInterface(view, binding.vlan);
    byInterface.set(name, [...(byInterface.get(name) ?? []), binding]);
  }
  const netboot = netbootGrants(map, view.netboot);
  return [...new Set(interfaces)].map((name) => guardOf(map, view, netboot, name, byInterface.get(name) ?? []));
}

function guardOf(
  map: NetworkMap,
  view: GatewayView,
  netboot: (binding: Binding) => NetbootGrant | undefined,
  name: string,
  bindings: readonly Binding[],
): DesiredPortGuard {
  const chosen = mostTelling(bindings);
  const vlan = chosen?.vlan ?? vlanOf(view, name);
  const declared = vlan === undefined ? undefined : map.gatewayOf(view.switch, vlan);
  const gateway = gatewayOf(declared);
  if (chosen === undefined) {
    const nobodys = { serverId: undefined, closed: 'sold to nobody', macs: [], ipv4: [], prefixes: [] };
    return { interface: name, ...nobodys, gateway, cause: -1 };
  }
  const { serverId, mac, linkLocal } = chosen;
  const cause = Math.max(chosen.changedAt, chosen.freedAt);
  const closed = whyClosed(map, chosen, declared);
  const shared = { interface: name, serverId, closed, gateway, cause };
  if (closed !== undefined || mac === undefined || linkLocal === undefined)
    return { ...shared, closed: closed ?? 'its MAC is not known yet', macs: [], ipv4: [], prefixes: [] };
  const held = chosen.addresses.filter(({ address, heldBy }) => heldBy === undefined && !speaksFor(declared, address));
  const prefixes = chosen.prefixes.filter(({ heldBy }) => heldBy === undefined).map(({ prefix }) => prefix);
  const start = netboot(chosen)?.network;
  const gatewayIpv4 = start === undefined ? gateway.ipv4 : [...gateway.ipv4, start.gateway].sort();
  return {
    ...shared,
    gateway: { ...gateway, ipv4: gatewayIpv4 },
    // Also those beside its own; the gateway's are the gateway's, whoever is said to have them.
    macs: [mac, ...chosen.otherMacs.filter((one) => one !== mac && !gateway.macs.includes(one))],
    ipv4: [...new Set([...held.map(({ address }) => address), ...(start === undefined ? [] : [start.machine])])].sort(),
    prefixes: outermost(prefixes),
  };
}

/** At most one server is granted a VLAN; of those that are not, a suspended one says more than one that waits. */
function mostTelling(bindings: readonly Binding[]): Binding | undefined {
  const order = ['active', 'suspended', 'pending', 'conflicted'];
  return [...bindings].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0];
}

function whyClosed(map: NetworkMap, binding: Binding, gateway: Gateway | undefined): string | undefined {
  if (binding.state === 'suspended') return 'suspended by billing';
  const { linkLocal } = binding;
  if (binding.state === 'active' && linkLocal !== undefined && speaksFor(gateway, linkLocal))
    return `its link-local ${linkLocal} is the gateway's`;
  return whyNothing(map, binding);
}

function gatewayOf(gateway: Gateway | undefined): DesiredPortGuard['gateway'] {
  const addresses = gateway?.addresses ?? [];
  return {
    macs: [...(gateway?.macs ?? [])].sort(),
    ipv4: addresses.flatMap((one) => parseIpv4(one) ?? []).sort(),
    ipv6: addresses.flatMap((one) => parseIpv6(one) ?? []).sort(),
  };
}

/** The VLAN that the pattern of this view names so; undefined where it names none. */
function vlanOf({ interfacePattern }: GatewayView, name: string): number | undefined {
  const [before = '', after = ''] = interfacePattern.split('{vlan}');
  if (!name.startsWith(before) || !name.endsWith(after)) return undefined;
  const digits = name.slice(before.length, name.length - after.length);
  return /^[1-9][0-9]{0,3}$/.test(digits) ? Number(digits) : undefined;
}
