import type { Writable } from 'node:stream';
import type { EventType, StoredEvent } from '../../events/index.js';
import type { ViolationRow } from '../../projections/index.js';
import type { LiveMap } from '../projector/live-map.js';
import { EventStream, type EventStreamOptions, type StreamItem } from '../transports/event-stream.js';
import { comparePositions } from './position.js';
import { fits, type ViolationFilter } from './violation-filter.js';
import { type InSurvey, violationView } from './violation-view.js';

const violationTypes: ReadonlySet<string> = new Set<EventType>([
  'ViolationDetected',
  'ViolationRepeated',
  'ViolationExonerated',
  'EvidenceKept',
]);

/** Stands for the place before the first event of a log. */
export const fromTheStart = 'start';

/**
 * Streams violations to one client: first those that changed after a position, each once and as it is now, in log
 * order; then every change. Both come from the map in one step, so nothing falls between them and nothing comes twice.
 */
export function streamViolations(
  liveMap: LiveMap,
  client: Writable,
  asked: { readonly filter: ViolationFilter; readonly after?: string | undefined; readonly inSurvey: InSurvey },
  options: EventStreamOptions = {},
): EventStream {
  const { filter, after, inSurvey } = asked;
  const past = after === undefined ? [] : changedAfter(liveMap.map.violations.values(), after, filter);
  const subscription = liveMap.events$.subscribe((events) => {
    for (const row of changedBy(liveMap, events)) if (fits(row, filter)) stream.send(itemOf(row, inSurvey));
  });
  const stream = new EventStream(client, items(past, inSurvey), {
    ...options,
    onEnd: () => {
      subscription.unsubscribe();
      options.onEnd?.();
    },
  });
  return stream;
}

function* items(rows: readonly ViolationRow[], inSurvey: InSurvey): Generator<StreamItem, undefined> {
  for (const row of rows) yield itemOf(row, inSurvey);
}

function itemOf(row: ViolationRow, inSurvey: InSurvey): StreamItem {
  return { id: row.position, event: 'violation', data: violationView(row, inSurvey) };
}

function changedAfter(rows: Iterable<ViolationRow>, after: string, filter: ViolationFilter): ViolationRow[] {
  const found: ViolationRow[] = [];
  for (const row of rows) {
    const isLater = after === fromTheStart || comparePositions(row.position, after) > 0;
    if (isLater && fits(row, filter)) found.push(row);
  }
  return found.sort((a, b) => a.changedAt - b.changedAt);
}

/** The rows these events left changed; of several events about one violation the last one tells it. */
function* changedBy(liveMap: LiveMap, events: readonly StoredEvent[]): Iterable<ViolationRow> {
  for (const { type, data, position } of events) {
    if (!violationTypes.has(type)) continue;
    const row = liveMap.map.violations.get((data as { violationId: string }).violationId);
    if (row?.position === position) yield row;
  }
}
