import {
  type IpAddress,
  type Ipv4Address,
  type Ipv4Prefix,
  type Ipv6Address,
  type Ipv6Prefix,
  type MacAddress,
  type PortId,
  type ServerId,
} from '../events/index.js';
import type { Binding } from './binding.js';
import { type NetbootGrant, netbootGrants } from './netboot.js';
import type { Gateway, NetworkMap } from './network-map.js';

/** How one device shows a logical switch: what the map needs to know to name things as the device does. */
export interface GatewayView {
  readonly switch: string;
  /** The device's name of a VLAN interface, with `{vlan}` for the number: `vlan{vlan}`. */
  readonly interfacePattern: string;
  /** Multi-exit discriminator of every route announced from here. */
  readonly med: number;
  /** Communities of every route announced from here; absent is none. */
  readonly communities?: readonly Community[];
  /** Interfaces where a guard, as it was read back, drops all that comes in; absent where the device has no guard. */
  readonly guarded?: ReadonlySet<string>;
  /** What machines without a sold IPv4 address are started from, a /30 a VLAN; absent where they are not. */
  readonly netboot?: Ipv4Prefix;
}

/** Two numbers of 16 bits (RFC 1997), or three of 32 bits (RFC 8092). */
export type Community = readonly [number, number] | readonly [number, number, number];

/** The device's name of a VLAN interface. */
export function vlanInterface({ interfacePattern }: GatewayView, vlan: number): string {
  return interfacePattern.replace('{vlan}', String(vlan));
}

interface Wanted {
  readonly serverId: ServerId;
  readonly interface: string;
  /** Ordinal of the latest event that made this line what it is. */
  readonly cause: number;
}

export interface DesiredNeighbour extends Wanted {
  readonly address: IpAddress;
  readonly mac: MacAddress;
}

interface DesiredRouteBase extends Wanted {
  readonly med: number;
  readonly communities?: readonly Community[];
  readonly port: PortId;
  /** Granted routes are announced only while the link of their port is up. */
  readonly linkUp: boolean;
  /** The neighbour entry this route needs on the same interface. */
  readonly needs: IpAddress;
  /**
   * Ordinal of the event that gave the destination to this gateway, or of a later one about the same server: a map that ends
   * before it may not know whose it is.
   */
  readonly epoch: number;
  /** The addresses the gateway must be read back with before this route is announced; undefined when none was declared. */
  readonly gatewayAddresses: readonly IpAddress[] | undefined;
}

export type DesiredRoute =
  | (DesiredRouteBase & { readonly family: 'ipv6'; readonly prefix: Ipv6Prefix; readonly nextHop: Ipv6Address })
  | (DesiredRouteBase & { readonly family: 'ipv4'; readonly address: Ipv4Address });

/** Something sold that is not on the device, and why. */
export interface Withheld {
  readonly serverId: ServerId;
  /** `server`, an address or a prefix. */
  readonly what: string;
  readonly reason: string;
}

/** All that one device should hold, as the map grants it. */
export interface DesiredState {
  readonly neighbours: readonly DesiredNeighbour[];
  readonly routes: readonly DesiredRoute[];
  readonly withheld: readonly Withheld[];
}

/**
 * What the map grants on one device. Pure; the difference to what is really there is the planner's.
 * @param bindings of servers on its switch; default all of them
 */
export function desiredState(
  map: NetworkMap,
  view: GatewayView,
  bindings: Iterable<Binding> = map.bindingsOnSwitch(view.switch),
): DesiredState {
  const state = { neighbours: [] as DesiredNeighbour[], routes: [] as DesiredRoute[], withheld: [] as Withheld[] };
  const netboot = netbootGrants(map, view.netboot);
  for (const binding of bindings) grant(map, view, netboot, binding, state);
  return state;
}

interface Collected {
  readonly neighbours: DesiredNeighbour[];
  readonly routes: DesiredRoute[];
  readonly withheld: Withheld[];
}

function grant(
  map: NetworkMap,
  view: GatewayView,
  netboot: (binding: Binding) => NetbootGrant | undefined,
  binding: Binding,
  into: Collected,
): void {
  const { serverId, port, vlan, mac, linkLocal } = binding;
  const cause = Math.max(binding.changedAt, binding.freedAt);
  const withhold = (what: string, reason: string): void => void into.withheld.push({ serverId, what, reason });
  if (binding.state === 'removed') return;
  const reason = whyNothing(map, binding);
  if (reason !== undefined) return withhold('server', `${reason}${outbound(view, binding)}`);
  if (port === undefined || vlan === undefined || mac === undefined || linkLocal === undefined) return;

  const name = vlanInterface(view, vlan);
  const gateway = map.gatewayOf(view.switch, vlan);
  const isGateways = (address: string): boolean => speaksFor(gateway, address);
  if (isGateways(linkLocal)) return withhold('server', `its link-local ${linkLocal} is the gateway's`);
  const link = map.links.get(port);
  const linkUp = link?.up === true;
  const routed = {
    serverId,
    interface: name,
    med: view.med,
    ...(view.communities === undefined || view.communities.length === 0 ? {} : { communities: view.communities }),
    port,
    linkUp,
    gatewayAddresses: gateway?.addresses,
    epoch: cause,
    cause: Math.max(cause, link?.ordinal ?? -1),
  };

  into.neighbours.push({ serverId, interface: name, address: linkLocal, mac, cause });
  for (const { prefix, heldBy } of binding.prefixes) {
    if (heldBy !== undefined) withhold(prefix, `held by ${heldBy}`);
    else into.routes.push({ ...routed, family: 'ipv6', prefix, nextHop: linkLocal, needs: linkLocal });
  }
  const granted = new Set<string>(); // Two add-ons may name one address.
  for (const { address, heldBy } of binding.addresses) {
    if (granted.has(address)) continue;
    granted.add(address);
    if (heldBy !== undefined) withhold(address, `held by ${heldBy}`);
    else if (isGateways(address)) withhold(address, 'is an address of the gateway');
    else {
      into.neighbours.push({ serverId, interface: name, address, mac, cause });
      into.routes.push({ ...routed, family: 'ipv4', address, needs: address });
    }
  }
  const start = netboot(binding)?.network;
  // A gateway that asks nobody could not answer its machine without; no route leads there.
  if (start !== undefined) into.neighbours.push({ serverId, interface: name, address: start.machine, mac, cause });
  for (const addOn of binding.unallocated) withhold(addOn, 'bought without an address, none allocated yet');
}

/** Why a server is granted nothing on its device; undefined where it is. */
export function whyNothing(map: NetworkMap, binding: Binding): string | undefined {
  const { state, conflicts, mac, vlan } = binding;
  switch (state) {
    case 'pending':
      return isAdded(map, binding) ? 'its MAC is not known yet' : 'the server was not added yet';
    case 'conflicted':
      return conflicts.map(({ claim, holder }) => `${claim} is held by ${holder}`).join('; ');
    case 'suspended':
      return 'suspended by billing';
    case 'active':
    case 'removed':
      break;
  }
  const gateway = binding.switch === undefined ? undefined : map.gatewayOf(binding.switch, vlan);
  return gateway?.macs.some((one) => one === mac) ? `its MAC ${mac} is the gateway's` : undefined;
}

/** A suspension stops both directions; routes and entries are only one of them. */
function outbound(view: GatewayView, { state, vlan }: Binding): string {
  if (state !== 'suspended') return '';
  const blocked = vlan !== undefined && view.guarded?.has(vlanInterface(view, vlan)) === true;
  if (blocked) return ' (outbound blocked by the guard)';
  return view.guarded === undefined
    ? ' (outbound NOT blocked: this device has no guard)'
    : ' (outbound NOT blocked: the guard of this port does not drop)';
}

function isAdded(map: NetworkMap, { serverId }: Binding): boolean {
  return map.assignments.get(serverId)?.added !== undefined;
}

/** Whether an address is the gateway's own. */
export function speaksFor(gateway: Gateway | undefined, address: string): boolean {
  return gateway?.addresses.some((one) => one === address) ?? false;
}
