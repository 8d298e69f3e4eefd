import type { Subscription } from 'rxjs';
import { isOpen, type NetworkMap } from '../projections/index.js';
import { limitedKinds } from './auth/caller-limits.js';
import type { EngineParts } from './engine-parts.js';
import type { EventStore } from './event-store/event-store.port.js';
import { DurationHistogram, type Metrics, type Sample } from './ops/metrics.js';
import type { ProjectionProgress } from './projection-progress.js';

/** A million violations are counted in some 50 ms: at most so much of the time goes into it. */
const mostOfTheTime = 0.01;

/** Registers the figures of the engine itself; the sensors register theirs. */
export function measureEngine(parts: EngineParts, progress: ProjectionProgress): { close(): void } {
  const { metrics, store, projector, devices, access } = parts;
  const { liveMap } = projector;
  gauge(metrics, 'projection_lag_events', 'Events that are stored and not in the map yet.', () => progress.lagEvents);
  gauge(
    metrics,
    'projection_last_progress_timestamp_seconds',
    'When the map took up events last, or was seen to have them all.',
    () => progress.lastProgressAt / 1000,
  );
  gauge(
    metrics,
    'parked_events',
    'Streams frozen by an event that cannot be read.',
    () => liveMap.frozenStreams().length,
  );
  gauge(metrics, 'storage_writable', '1 while the log takes events, else 0.', () => {
    const { ok, readOnly } = store.health();
    return ok && !readOnly ? 1 : 0;
  });
  metrics.register({
    name: 'portledger_calls_limited_total',
    help: 'Requests refused because their caller sent too much, by what of.',
    kind: 'counter',
    read: () => limitedKinds.map((of) => ({ labels: { of }, value: access.limits.refusals(of) })),
  });
  gauge(metrics, 'sessions_open', 'People who are signed in.', () => access.sessions.list().length);
  metrics.register({
    name: 'portledger_device_drift_entries',
    help: 'Entries and routes by which a device differs from the map.',
    kind: 'gauge',
    read: () => devices.all().map(({ status }) => ({ labels: { device: status.device }, value: status.plan.length })),
  });
  metrics.register({
    name: 'portledger_violations_open',
    help: 'Violations that are new or acknowledged, by rule.',
    kind: 'gauge',
    read: openByRule(() => liveMap.map),
  });
  const pushes = countPushes(parts);
  return { close: () => pushes.unsubscribe() };
}

/** Measures how long each append of the log takes from now on, those that fail as well. */
export function measureAppends(store: EventStore, metrics: Metrics): void {
  const durations = new DurationHistogram(
    'portledger_append_duration_seconds',
    'How long the log took to store events durably.',
  );
  metrics.register(durations);
  let isInside = false;
  const measured = <Asked, Answer>(append: (asked: Asked) => Promise<Answer>) => {
    return async (asked: Asked): Promise<Answer> => {
      // One way to append may call another at once: that is one append.
      if (isInside) return append(asked);
      const began = performance.now();
      isInside = true;
      const stored = append(asked);
      isInside = false;
      try {
        return await stored;
      } finally {
        durations.observe((performance.now() - began) / 1000);
      }
    };
  };
  store.append = measured(store.append.bind(store));
  store.appendMany = measured(store.appendMany.bind(store));
  store.appendNew = measured(store.appendNew.bind(store));
}

function gauge(metrics: Metrics, name: string, help: string, value: () => number): void {
  metrics.register({ name: `portledger_${name}`, help, kind: 'gauge', read: () => [{ value: value() }] });
}

/** What reconciles came to, from the journal: a plan told in parts counts once. */
function countPushes({ metrics, projector }: EngineParts): Subscription {
  const counts = new Map<string, Sample & { value: number }>();
  metrics.register({
    name: 'portledger_push_total',
    help: 'Reconciles that wrote to a device since the engine started, by what reading back showed.',
    kind: 'counter',
    read: () => counts.values(),
  });
  return projector.liveMap.events$.subscribe((events) => {
    for (const { type, data } of events) {
      if (type !== 'ReconcileFinished') continue;
      const { device, outcome: result, part } = data as Readonly<Record<'device' | 'outcome' | 'part', unknown>>;
      if (typeof device !== 'string' || typeof result !== 'string' || part !== 0) continue;
      const key = `${device} ${result}`;
      const count = counts.get(key) ?? { labels: { device, result }, value: 0 };
      counts.set(key, { ...count, value: count.value + 1 });
    }
  });
}

function openByRule(map: () => NetworkMap): () => Sample[] {
  let counted: Sample[] = [];
  let countAgainAt = 0;
  return () => {
    const began = performance.now();
    if (began < countAgainAt) return counted;
    const byRule = new Map<string, number>();
    for (const { rule, state } of map().violations.values())
      if (isOpen(state)) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
    counted = [...byRule].map(([rule, value]) => ({ labels: { rule }, value }));
    const ended = performance.now();
    countAgainAt = ended + (ended - began) / mostOfTheTime;
    return counted;
  };
}
