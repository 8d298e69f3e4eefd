import { parseInstant } from '../events/index.js';
import type { EngineParts } from './engine-parts.js';
import { type ComparisonStatus, ComparisonWatch } from './intake/comparison/comparison-watch.js';
import type { Metrics } from './ops/metrics.js';
import type { LiveMap } from './projector/live-map.js';
import { whenLive } from './when-live.js';

/** Of billing's file with the map, where the configuration names one. */
export function openComparison({
  config: { comparison: config },
  liveMap,
  alerts,
  log,
}: Pick<EngineParts, 'config' | 'alerts' | 'log'> & { readonly liveMap: LiveMap }): ComparisonWatch | undefined {
  return config && new ComparisonWatch({ config, liveMap, alerts, log });
}

/** Compares on a timer from when the map is live, and measures what is found. */
export function startComparison({ comparison, projector, metrics }: EngineParts): { close(): Promise<void> } {
  measure(metrics, comparison);
  if (comparison === undefined) return { close: () => Promise.resolve() };
  const waiting = whenLive(projector.liveMap, () => comparison.start());
  return {
    close: () => {
      waiting.unsubscribe();
      return comparison.close();
    },
  };
}

/** Figures of the newest comparison that did not fail; before the first, and where no file is configured, there are none. */
function measure(metrics: Metrics, comparison: ComparisonWatch | undefined): void {
  metrics.register({
    name: 'portledger_comparison_differences',
    help: "Servers in which billing's file and the map differ, and rows that cannot be read, by kind.",
    kind: 'gauge',
    read: () => {
      const last = comparison?.status().last;
      if (last === undefined) return [];
      return (['missing', 'extra', 'different', 'rejected'] as const).map((kind) => ({
        labels: { kind },
        value: last[kind],
      }));
    },
  });
  const gauge = (name: string, help: string, valueOf: (status: ComparisonStatus) => number | undefined): void =>
    metrics.register({
      name: `portledger_comparison_${name}`,
      help,
      kind: 'gauge',
      read: () => {
        const value = comparison && valueOf(comparison.status());
        return value === undefined ? [] : [{ value }];
      },
    });
  gauge('standing', 'Of them: how many differed in the comparison before as well.', ({ last }) => last?.standing);
  gauge('failures', 'Comparisons in a row that failed.', ({ failures }) => failures);
  gauge('last_success_timestamp_seconds', 'When a comparison last did not fail.', ({ last }) => secondsOf(last?.at));
  gauge('file_timestamp_seconds', "When billing's file was written, as it was found last.", ({ found }) =>
    secondsOf(found?.modifiedAt),
  );
}

function secondsOf(instant: string | undefined): number | undefined {
  const millis = instant === undefined ? undefined : parseInstant(instant);
  return millis === undefined ? undefined : millis / 1000;
}
