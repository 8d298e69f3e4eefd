import type { ServerId } from '../../events/index.js';
import type { DesiredState } from '../../projections/index.js';
import { destinationOf, entryKey } from './lines.js';
import type { Actual } from './plan.js';

/** How much a device can hold, as the configuration says; absent where nobody said. */
export interface Limits {
  readonly neighbours?: number | undefined;
  readonly routes?: number | undefined;
}

/** `high` from 70 % on, `critical` from 85 %, `full` from 100 %, of what is held and what is sold together. */
export type RoomLevel = 'unknown' | 'ok' | 'high' | 'critical' | 'full';

/** How much of one thing a device holds and can take. */
export interface Room {
  /** Absent where nobody said what the device can hold. */
  readonly limit?: number;
  /** Held by the device now, by whomever it was put there. */
  readonly used: number;
  /** Sold, and not on the device yet. */
  readonly pending: number;
  /** What may still be sold; absent without a limit. */
  readonly free?: number;
  readonly level: RoomLevel;
}

export interface Headroom {
  readonly neighbours: Room;
  readonly routes: Room;
}

export const highShare = 0.7;
export const criticalShare = 0.85;

export function roomOf(limit: number | undefined, used: number, pending: number): Room {
  if (limit === undefined) return { used, pending, level: 'unknown' };
  const taken = used + pending;
  const share = taken / limit;
  const level = share >= 1 ? 'full' : share >= criticalShare ? 'critical' : share >= highShare ? 'high' : 'ok';
  return { limit, used, pending, free: Math.max(0, limit - taken), level };
}

/** What the device holds, and what of the map it does not hold yet; quiet routes are sold too. */
export function headroomOf(limits: Limits, desired: DesiredState, actual: Actual): Headroom {
  const entries = new Set(actual.switch.neighbours.map(entryKey));
  const routes = new Set((actual.bgp?.owned ?? []).map(destinationOf));
  const newEntries = desired.neighbours.filter((entry) => !entries.has(entryKey(entry))).length;
  const newRoutes = desired.routes.filter((route) => !routes.has(destinationOf(route))).length;
  return {
    neighbours: roomOf(limits.neighbours, entries.size, newEntries),
    routes: roomOf(limits.routes, routes.size, newRoutes),
  };
}

/**
 * The servers that do not fit, each with the reason: whoever was granted earlier goes first, and of each server all that it
 * needs fits, or nothing of it is added. What only takes another's place needs no room. Pure.
 */
export function whoDoesNotFit(limits: Limits, desired: DesiredState, actual: Actual): Map<ServerId, string> {
  const left = {
    neighbours: leftOf(limits.neighbours, actual.switch.neighbours.length),
    routes: leftOf(limits.routes, actual.bgp?.owned.length ?? 0),
  };
  const refused = new Map<ServerId, string>();
  for (const { serverId, neighbours, routes } of needsOf(desired, actual)) {
    const short =
      neighbours > left.neighbours
        ? { what: 'neighbour entries', needs: neighbours, limit: limits.neighbours }
        : routes > left.routes
          ? { what: 'routes', needs: routes, limit: limits.routes }
          : undefined;
    if (short === undefined) {
      left.neighbours -= neighbours;
      left.routes -= routes;
    } else {
      refused.set(
        serverId,
        `no room: it needs ${short.needs} more ${short.what}, the device holds ${short.limit ?? 0}`,
      );
    }
  }
  return refused;
}

const leftOf = (limit: number | undefined, used: number): number =>
  limit === undefined ? Number.POSITIVE_INFINITY : Math.max(0, limit - used);

interface Needs {
  readonly serverId: ServerId;
  neighbours: number;
  routes: number;
  epoch: number;
}

/** What each server still needs, in the order in which it was granted. */
function needsOf(desired: DesiredState, actual: Actual): Needs[] {
  const entries = new Set(actual.switch.neighbours.map(entryKey));
  const owned = new Set((actual.bgp?.owned ?? []).map(destinationOf));
  const needs = new Map<ServerId, Needs>();
  const of = (serverId: ServerId, epoch: number): Needs => {
    const known = needs.get(serverId) ?? { serverId, neighbours: 0, routes: 0, epoch };
    needs.set(serverId, known);
    return known;
  };
  for (const entry of desired.neighbours)
    if (!entries.has(entryKey(entry))) of(entry.serverId, entry.cause).neighbours++;
  for (const route of desired.routes) if (!owned.has(destinationOf(route))) of(route.serverId, route.epoch).routes++;
  return [...needs.values()].sort((a, b) => a.epoch - b.epoch || (a.serverId < b.serverId ? -1 : 1));
}
