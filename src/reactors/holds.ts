import type { DesiredState } from '../../projections/index.js';
import type { Route } from '../drivers/bgp/bgp.port.js';
import type { NeighbourEntry } from '../drivers/switch/switch.port.js';
import type { Actual } from './plan.js';

/** What of a granted plan must wait although nothing on the device is in the way. What is there already stays. */
export interface Holds {
  /** Why this entry may not be added now; undefined when it may. */
  onEntry(entry: NeighbourEntry): string | undefined;
  /** Why this route may not be announced from here yet; undefined when it may. */
  onRoute(route: Route): string | undefined;
}

/** Something that may hold additions back: a preflight that failed, a prefix that another gateway still announces. */
export interface HoldSource {
  /** Called once a look, read-only, before anything is written to the device. */
  look(actual: Actual, desired: DesiredState): Promise<Holds>;
  /** What reading back showed after a push; absent where a source says nothing of what a device holds. */
  readBack?(actual: Actual, desired: DesiredState): void;
}

export const noHolds: Holds = { onEntry: () => undefined, onRoute: () => undefined };

/** Asks every source; the first reason counts. */
export async function holdsOf(sources: readonly HoldSource[], actual: Actual, desired: DesiredState): Promise<Holds> {
  if (sources.length === 0) return noHolds;
  const all = await Promise.all(sources.map((source) => source.look(actual, desired)));
  const first = (ask: (holds: Holds) => string | undefined): string | undefined => {
    for (const holds of all) {
      const reason = ask(holds);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
  return {
    onEntry: (entry) => first((holds) => holds.onEntry(entry)),
    onRoute: (route) => first((holds) => holds.onRoute(route)),
  };
}
