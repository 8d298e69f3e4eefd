import { OverviewDesk } from './control/overview/overview.js';
import type { EngineParts } from './engine-parts.js';
import type { ViolationIndex } from './feed/violation-index.js';

/** The new ones are gone through again at most so often, ms, and only where one changed. */
const countEveryMs = 2_000;

/** What the overview asks of the rooms that control does not know. */
export function openOverview(parts: EngineParts): OverviewDesk {
  const { config, projector, devices, store, sensorDesk, readiness, alerts, comparison, violationIndex } = parts;
  const criticalNew = countedCriticals(violationIndex);
  const switches = new Map(config.sensors.map((sensor) => [sensor.name, sensor.switch]));
  return new OverviewDesk({
    liveMap: projector.liveMap,
    devices,
    head: async () => (await store.head())?.ordinal ?? -1,
    coverage: async () => (await sensorDesk.coverage.ask({ limit: 1 })).totals,
    signs: () => {
      const { last } = comparison?.status() ?? {};
      return {
        criticalNew: criticalNew(),
        silentSensors: sensorDesk.coverage
          .sensors()
          .filter(({ state }) => state === 'silent')
          .map(({ sensor, reason }) => ({ sensor, reason, switch: switches.get(sensor) })),
        comparisonDiffers: last === undefined ? 0 : last.missing + last.extra + last.different + last.rejected,
        checks: readiness.reports(),
        alerts: alerts.current(),
      };
    },
  });
}

/** Violations of severity critical that nobody acknowledged. */
function countedCriticals(index: ViolationIndex): () => number {
  let known = { count: 0, position: '', at: Number.NEGATIVE_INFINITY };
  return () => {
    const now = performance.now();
    if (known.position === index.position || now - known.at < countEveryMs) return known.count;
    const { named, names } = index.columns;
    const critical = names.find('critical');
    let count = 0;
    for (const slot of index.byState.new) if (named.severity[slot] === critical) count++;
    known = { count, position: index.position, at: now };
    return count;
  };
}
