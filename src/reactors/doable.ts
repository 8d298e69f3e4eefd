import { destinationOf, entryKey, entryOfRoute, routeLine } from './lines.js';
import type { Plan } from './plan.js';

/**
 * The part of a plan that can be tried now. Adding an entry waits on an interface that cannot take one, and so does the
 * route that leans on it; what is announced in its place stays. Everything else goes on.
 */
export function doablePart(plan: Plan, canTake: (interfaceName: string) => boolean): Plan {
  const waiting = new Set(plan.addEntries.filter((entry) => !canTake(entry.interface)).map(entryKey));
  if (waiting.size === 0) return plan;
  const held = plan.routesWanted.filter((route) => waiting.has(entryOfRoute(route)));
  const heldDestinations = new Set(held.map(destinationOf));
  const heldLines = new Set(
    [...held, ...plan.routesKept.filter((route) => heldDestinations.has(destinationOf(route)))].map(routeLine),
  );
  return {
    ...plan,
    addEntries: plan.addEntries.filter((entry) => canTake(entry.interface)),
    routesWanted: plan.routesWanted.filter((route) => !waiting.has(entryOfRoute(route))),
    lines: plan.lines.filter((line) =>
      line.kind === 'neighbour' ? line.change === 'remove' || canTake(line.interface) : !heldLines.has(line.line),
    ),
  };
}

/** What of a plan may be done while nobody knows which routes stand: entries are added, none is taken from under a route. */
export function entriesToAdd(plan: Plan): Plan {
  const lines = plan.lines.filter((line) => line.kind === 'neighbour' && line.change === 'add');
  return { ...plan, lines, removeEntries: [] };
}
