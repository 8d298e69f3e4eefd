import type { ServerId } from '../../../events/index.js';
import { type Binding, type DesiredState, desiredState, type NetworkMap } from '../../../projections/index.js';

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

/** The views of some servers in one map; a server that no fact of the map is about has none. */
export function serverViews(map: NetworkMap, servers: Iterable<ServerId>): Map<ServerId, ServerView> {
  const views = new Map<ServerId, ServerView>();
  const lines = new Map<string, Map<ServerId, Lines>>();
  for (const serverId of servers) {
    const binding = map.binding(serverId);
    if (binding === undefined) continue;
    const name = binding.switch;
    if (name !== undefined && !lines.has(name)) lines.set(name, linesOn(map, name));
    const own = name === undefined ? undefined : lines.get(name)?.get(serverId);
    const holders = [...binding.addresses, ...binding.prefixes].flatMap(({ heldBy }) => heldBy ?? []);
    views.set(serverId, {
      ...{ fields: fieldsOf(binding), port: binding.port, switch: name },
      ...(own ?? { neighbours: [], routes: [] }),
      holders: [...holders, ...binding.conflicts.map(({ holder }) => holder)],
    });
  }
  return views;
}

interface Lines {
  readonly neighbours: string[];
  readonly routes: string[];
}

function linesOn(map: NetworkMap, name: string): Map<ServerId, Lines> {
  const found = new Map<ServerId, Lines>();
  const of = (serverId: ServerId): Lines => {
    const lines = found.get(serverId) ?? { neighbours: [], routes: [] };
    found.set(serverId, lines);
    return lines;
  };
  const desired: DesiredState = desiredState(map, { switch: name, interfacePattern: 'vlan{vlan}', med: 0 });
  for (const { serverId, address, mac, ...one } of desired.neighbours) {
    of(serverId).neighbours.push(`${address} ${mac} on ${one.interface} of ${name}`);
  }
  for (const route of desired.routes) {
    if (!route.linkUp) continue;
    const text =
      route.family === 'ipv6'
        ? `${route.prefix} via ${route.nextHop}%${route.interface}`
        : `${route.address}/32 via ${route.interface}`;
    of(route.serverId).routes.push(`${text} of ${name}`);
  }
  return found;
}

/** Ordinals are left out: they say which event, and not what is so. */
function fieldsOf(binding: Binding): Record<string, string> {
  const { state, customerId, port, vlan, mac, otherMacs, linkLocal, addresses, prefixes, unallocated, link } = binding;
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
