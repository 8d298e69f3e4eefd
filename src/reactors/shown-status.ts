import type { Brake } from './brakes.js';
import type { DeviceStatus } from './device-status.js';
import type { Holds } from './holds.js';
import { neighbourLine, routeLine } from './lines.js';
import type { Plan } from './plan.js';
import type { ShownLine } from './recorder.js';
import type { Sight } from './sight.js';

/** The status of a device after a look; what the look could not see stays as it was known before. */
export function statusAfter(
  before: DeviceStatus,
  { plan, planHash, actual, desired }: Sight,
  lines: readonly ShownLine[],
  holds: Holds,
  brake: Brake | undefined,
): DeviceStatus {
  const waiting = waitingLines(plan, holds);
  return {
    ...before,
    state: stateOf(brake, plan),
    brake,
    error: undefined,
    planHash,
    plan: lines.map((line) => ({ ...line, ...(line.waits === undefined ? waiting.get(line.line) : {}) })),
    withheld: desired.withheld,
    quiet: actual.bgp === undefined ? before.quiet : plan.quiet,
    foreign: plan.foreign,
    entries: actual.switch.neighbours.filter((entry) => entry.ours).length,
    routes: actual.bgp?.owned.length ?? before.routes,
    stamp: actual.switch.stamp ?? actual.bgp?.stamp,
  };
}

function stateOf(brake: Brake | undefined, { lines }: Plan): DeviceStatus['state'] {
  if (brake !== undefined) return brake.code === 'frozen' ? 'frozen' : 'braked';
  return lines.length > 0 ? 'differs' : 'equal';
}

/** Why lines of a plan wait although the map grants them. */
function waitingLines(plan: Plan, holds: Holds): ReadonlyMap<string, { readonly waits: string }> {
  const lines = new Map<string, { waits: string }>();
  for (const entry of plan.addEntries) {
    const waits = holds.onEntry(entry);
    if (waits !== undefined) lines.set(neighbourLine(entry), { waits });
  }
  const kept = new Set(plan.routesKept.map(routeLine));
  for (const route of plan.routesWanted) {
    const waits = kept.has(routeLine(route)) ? undefined : holds.onRoute(route);
    if (waits !== undefined) lines.set(routeLine(route), { waits });
  }
  return lines;
}
