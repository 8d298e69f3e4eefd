import type { DesiredState, Withheld } from '../../projections/index.js';
import type { Holds, HoldSource } from './holds.js';
import { entryKey } from './lines.js';
import type { Actual } from './plan.js';

/**
 * What a device of a site that is not enabled should hold: what it holds already of what is granted, and nothing for
 * servers that it holds nothing of; those are withheld with the reason. Pure.
 */
export function withheldNewcomers(desired: DesiredState, actual: Actual, reason: string): DesiredState {
  const ours = new Set(actual.switch.neighbours.filter((entry) => entry.ours).map(entryKey));
  const present = new Set(desired.neighbours.filter((entry) => ours.has(entryKey(entry))).map((one) => one.serverId));
  const isPresent = ({ serverId }: Pick<Withheld, 'serverId'>): boolean => present.has(serverId);
  const newcomers = new Set(desired.neighbours.filter((entry) => !isPresent(entry)).map((one) => one.serverId));
  const withheld = [...newcomers].map((serverId): Withheld => ({ serverId, what: 'server', reason }));
  return {
    neighbours: desired.neighbours.filter(isPresent),
    routes: desired.routes.filter(isPresent),
    withheld: [...desired.withheld.filter(({ serverId }) => !newcomers.has(serverId)), ...withheld],
  };
}

/** Nothing is added at a site that is not enabled, also for servers that are there. What is there stays while it is granted. */
export function holdAll(reason: string): HoldSource {
  const holds: Holds = { onEntry: () => reason, onRoute: () => reason };
  return { look: () => Promise.resolve(holds) };
}
