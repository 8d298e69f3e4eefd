import type { ServerId } from '../../../events/index.js';
import { type Binding, type DesiredRoute, desiredState, type NetworkMap } from '../../../projections/index.js';

/** What a difference tells of a server: its record field by field, and the lines that it should have on its devices. */
export interface ServerView {
  readonly fields: Readonly<Record<string, string>>;
  /** As devices without a configuration name them: the interface of VLAN 16 is `vlan16`. */
  readonly neighbours: readonly string[];
  /** Those that are announced: a route whose link is not up is none. */
  readonly routes: readonly string[];
  /** Whose facts can have changed it besides its own: those that stand before it, its port, its gateway. */
  readonly holders: readonly string[];
  readonly port: string | undefined;
  readonly switch: string | undefined;
}

/** The view of a server in a map; undefined where no fact of the map is about it. */
export function serverView(map: NetworkMap, serverId: ServerId): ServerView | undefined {
  const binding = map.binding(serverId);
  if (binding === undefined) return undefined;
  const holders = [...binding.addresses, ...binding.prefixes].flatMap(({ heldBy }) => heldBy ?? []);
  return {
    ...{ fields: fieldsOf(binding), port: binding.port, switch: binding.switch },
    ...linesOf(map, binding),
    holders: [...holders, ...binding.conflicts.map(({ holder }) => holder)],
  };
}

function linesOf(map: NetworkMap, binding: Binding): Pick<ServerView, 'neighbours' | 'routes'> {
  const name = binding.switch;
  if (name === undefined) return { neighbours: [], routes: [] };
  const desired = desiredState(map, { switch: name, interfacePattern: 'vlan{vlan}', med: 0 }, [binding]);
  return {
    neighbours: desired.neighbours.map((one) => `${one.address} ${one.mac} on ${one.interface} of ${name}`),
    routes: desired.routes.filter(({ linkUp }) => linkUp).map((route) => `${routeText(route)} of ${name}`),
  };
}

function routeText(route: DesiredRoute): string {
  return route.family === 'ipv6'
    ? `${route.prefix} via ${route.nextHop}%${route.interface}`
    : `${route.address}/32 via ${route.interface}`;
}

/** Ordinals are left out: they say which event, and not what is so. */
function fieldsOf(binding: Binding): Record<string, string> {
  const { state, customerId, port, vlan, mac, otherMacs, linkLocal, addresses, prefixes, unallocated, link } = binding;
  const { unallocatedOrders } = binding;
  const withHolder = (what: string, heldBy: string | undefined): string =>
    heldBy === undefined ? what : `${what} (held by ${heldBy})`;
  const conflicts = binding.conflicts.map(({ claim, holder }) => `${claim} (held by ${holder})`);
  const fields = {
    state,
    customerId,
    port,
    vlan: vlan === undefined ? undefined : String(vlan),
    mac,
    linkLocal,
    otherMacs: list(otherMacs),
    addresses: list(addresses.map(({ address, heldBy }) => withHolder(address, heldBy))),
    prefixes: list(prefixes.map(({ prefix, heldBy }) => withHolder(prefix, heldBy))),
    unallocated: list(unallocated),
    unallocatedOrders: list(unallocatedOrders),
    conflicts: list(conflicts),
    link,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function list(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : [...values].sort().join(', ');
}
