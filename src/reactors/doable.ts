import type { Route } from '../drivers/bgp/bgp.port.js';
import type { NeighbourEntry } from '../drivers/switch/switch.port.js';
import { type Holds, noHolds } from './holds.js';
import { destinationOf, entryKey, entryOfRoute, neighbourLine, routeLine } from './lines.js';
import type { Plan } from './plan.js';

/**
 * The part of a plan that can be tried now. Adding an entry waits on an interface that cannot take one or where it is
 * held, and so does the route that leans on it; a held route waits by itself. What is announced in its place stays.
 * Everything else goes on.
 */
export function doablePart(plan: Plan, canTake: (interfaceName: string) => boolean, holds: Holds = noHolds): Plan {
  const waits = (entry: NeighbourEntry): boolean => !canTake(entry.interface) || holds.onEntry(entry) !== undefined;
  const waitingEntries = plan.addEntries.filter(waits);
  const waiting = new Set(waitingEntries.map(entryKey));
  const kept = new Set(plan.routesKept.map(routeLine));
  const isHeld = (route: Route): boolean =>
    waiting.has(entryOfRoute(route)) || (!kept.has(routeLine(route)) && holds.onRoute(route) !== undefined);
  const held = plan.routesWanted.filter(isHeld);
  if (waiting.size === 0 && held.length === 0) return plan;
  const heldDestinations = new Set(held.map(destinationOf));
  const heldLines = new Set([
    ...waitingEntries.map(neighbourLine),
    ...[...held, ...plan.routesKept.filter((route) => heldDestinations.has(destinationOf(route)))].map(routeLine),
  ]);
  return {
    ...plan,
    addEntries: plan.addEntries.filter((entry) => !waiting.has(entryKey(entry))),
    routesWanted: plan.routesWanted.filter((route) => !isHeld(route)),
    lines: plan.lines.filter(
      (line) => !heldLines.has(line.line) || (line.kind === 'neighbour' && line.change === 'remove'),
    ),
  };
}

/** What of a plan may be done while nobody knows which routes stand: entries are added, none is taken from under a route. */
export function entriesToAdd(plan: Plan): Plan {
  const lines = plan.lines.filter((line) => line.kind === 'neighbour' && line.change === 'add');
  return { ...plan, lines, removeEntries: [] };
}

const mostNamed = 5;

/** Why some entries of a plan wait: the device lacks their interfaces, of which a few are named; undefined where it lacks none. */
export function whyEntriesWait(
  device: string,
  { addEntries }: Plan,
  interfaces: { has(name: string): boolean },
): string | undefined {
  const missing = [...new Set(addEntries.map((entry) => entry.interface))].filter((one) => !interfaces.has(one));
  if (missing.length === 0) return undefined;
  const unnamed = missing.length - mostNamed;
  const named = `${missing.slice(0, mostNamed).join(', ')}${unnamed > 0 ? ` and ${unnamed} more` : ''}`;
  return `${device}: no interface ${named}; what needs it waits. Create it on the device and name it under the device's ports.`;
}
