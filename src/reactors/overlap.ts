import type { Binding, DesiredNeighbour, DesiredRoute, DesiredState, NetworkMap } from '../../projections/index.js';
import type { Route } from '../drivers/bgp/bgp.port.js';
import { grantOf } from './granted-to.js';
import { destinationOf, entryKey, entryOfRoute } from './lines.js';
import type { Actual } from './plan.js';

export interface OverlapQuestion {
  /** The switch that the device is. */
  readonly switch: string;
  /** Whether this route stays until the new gateway of its server, `binding`, announces. */
  mayWaitFor(binding: Binding, route: Route): boolean;
}

/**
 * What the map grants a device, and what it keeps of a server that has moved on: routes that still stand, over an interface
 * that still has carrier, with the entries they lean on. Where nothing overlaps, the very same state. Pure but for the question.
 */
export function overlapKept(
  desired: DesiredState,
  { switch: state, bgp }: Actual,
  map: NetworkMap,
  question: OverlapQuestion,
): DesiredState {
  const granted = new Set(desired.routes.map(destinationOf));
  const routes: DesiredRoute[] = [];
  for (const route of bgp?.owned ?? []) {
    if (granted.has(destinationOf(route))) continue;
    const stands = state.interfaces.get(route.interface);
    if (stands === undefined || !stands.adminUp || !stands.carrier) continue;
    const binding = grantOf(map, destinationOf(route))?.binding;
    if (binding?.state !== 'active' || binding.port === undefined || binding.switch === question.switch) continue;
    if (!question.mayWaitFor(binding, route)) continue;
    const cause = Math.max(binding.changedAt, binding.freedAt);
    const kept = { serverId: binding.serverId, port: binding.port, cause, epoch: cause, linkUp: true };
    const needs = route.family === 'ipv6' ? route.nextHop : route.address;
    routes.push({ ...route, ...kept, needs, gatewayAddresses: undefined });
  }
  if (routes.length === 0) return desired;
  const leant = new Map(routes.map((route) => [entryOfRoute(route), route]));
  const keys = new Set(desired.neighbours.map(entryKey));
  const neighbours = state.neighbours.flatMap((entry): DesiredNeighbour[] => {
    const route = leant.get(entryKey(entry));
    if (route === undefined || !entry.ours || keys.has(entryKey(entry))) return [];
    const { interface: name, address, mac } = entry;
    return [{ interface: name, address, mac, serverId: route.serverId, cause: route.cause }];
  });
  return {
    ...desired,
    routes: [...desired.routes, ...routes],
    neighbours: [...desired.neighbours, ...neighbours],
  };
}
