import type { StoredEvent, ViolationDetected } from '../../../events/index.js';
import { contractOf } from '../../../events/index.js';
import type { NetbootPrefixes } from '../../../projections/index.js';
import type { AppendOutcome, AppendRequest, EventStore } from '../../event-store/event-store.port.js';
import type { LiveMap } from '../../projector/live-map.js';
import type { CaptureSource } from '../capture/capture-source.js';
import { uuidV5 } from '../../event-store/event-store.port.js';
import { sensorSource } from '../sensor-source.js';
import { checkVerdict, type CheckedVerdict, violationsIn } from './check-verdict.js';
import { SecondLook } from './second-look.js';
import { eventIdOf, type VerdictResult } from './verdict-words.js';

/** The map gets this long to fold what a sensor sent before, ms. */
const patienceMs = 5_000;

/** Takes in the verdicts of remote sensors: checks each, judges findings again, and answers only after all is durable. */
export class VerdictDesk {
  /** Of the last verdict stored for each sensor. */
  private readonly lastOrdinal = new Map<string, number>();
  private readonly again: SecondLook;

  constructor(
    private readonly store: Pick<EventStore, 'appendMany' | 'append' | 'head' | 'readStream'>,
    private readonly liveMap: LiveMap,
    inFlightWindowMs: number,
    private readonly now: () => number = Date.now,
    netboot?: NetbootPrefixes,
  ) {
    this.again = new SecondLook(store, liveMap, inFlightWindowMs, netboot);
  }

  /** One result for each verdict, in its order. Rejects with a StoreError when the store cannot answer. */
  async take(source: CaptureSource, values: readonly unknown[]): Promise<VerdictResult[]> {
    await this.liveMap.reached(this.lastOrdinal.get(source.name) ?? -1, patienceMs);
    const fresh = new Map<string, ViolationDetected>();
    const inMap = violationsIn(this.liveMap.map);
    const known = (id: string): ReturnType<typeof inMap> => fresh.get(id) ?? inMap(id) ?? this.again.dismissed(id);
    const checked = values.map((value) => {
      const one = checkVerdict(value, source, known, this.now());
      if ('verdict' in one && one.verdict.type === 'ViolationDetected')
        fresh.set(one.verdict.data.violationId, one.verdict.data);
      return one;
    });
    const looked = await this.again.at(checked.flatMap((one) => ('verdict' in one ? [one.verdict] : [])));
    const kept = [...looked.values()].flatMap((one) => ('verdict' in one ? [one.verdict] : []));
    const stored = await this.keep(source.name, kept);
    const results = new Map(kept.map((one, index) => [one, stored[index]]));
    return checked.map((one): VerdictResult => {
      if ('refused' in one) return { sourceId: one.sourceId, outcome: 'refused', reason: one.refused };
      const { sourceId } = one.verdict;
      const look = looked.get(one.verdict);
      if (look === undefined) return notAnswered(sourceId);
      if ('withheld' in look) return withheld(sourceId, look.withheld);
      const result = results.get(look.verdict) ?? notAnswered(sourceId);
      return look.verdict === one.verdict || result.outcome === 'refused'
        ? { ...result, sourceId }
        : { sourceId, outcome: 'restated' };
    });
  }

  private async keep(sensor: string, verdicts: readonly CheckedVerdict[]): Promise<VerdictResult[]> {
    const outcomes = await this.append(
      sensor,
      verdicts.map((verdict) => requestOf(sensor, verdict)),
    );
    const results = outcomes.map((outcome, index) => resultOf(verdicts[index]?.sourceId, outcome));
    // A violation is detected once: one that somebody stored before was heard again.
    const again = verdicts.flatMap((verdict, index) =>
      outcomes[index]?.outcome === 'wrong-revision' && verdict.type === 'ViolationDetected' ? [{ verdict, index }] : [],
    );
    const repeats = await this.append(
      sensor,
      again.map(({ verdict }) => requestOf(sensor, repeatOf(verdict))),
    );
    repeats.forEach((outcome, at) => {
      const one = again[at];
      if (one === undefined || !isKept(outcome)) return;
      results[one.index] = { sourceId: one.verdict.sourceId, outcome: 'repeat' };
    });
    return results;
  }

  private async append(sensor: string, requests: readonly AppendRequest[]): Promise<AppendOutcome[]> {
    if (requests.length === 0) return [];
    const outcomes = await this.store.appendMany(requests);
    const ordinals = outcomes.flatMap((one) => (isKept(one) ? one.events.map((event) => event.ordinal) : []));
    this.lastOrdinal.set(sensor, Math.max(this.lastOrdinal.get(sensor) ?? -1, ...ordinals));
    return outcomes;
  }
}

type Kept = Extract<AppendOutcome, { outcome: 'stored' | 'duplicate' }>;
const isKept = (outcome: AppendOutcome): outcome is Kept =>
  outcome.outcome === 'stored' || outcome.outcome === 'duplicate';

function resultOf(sourceId: string | undefined, outcome: AppendOutcome): VerdictResult {
  if (isKept(outcome)) return { sourceId, outcome: outcome.outcome };
  return { sourceId, outcome: 'refused', reason: `the log answered ${outcome.outcome}` };
}

const notAnswered = (sourceId: string): VerdictResult => ({
  sourceId,
  outcome: 'refused',
  reason: 'the log did not answer for it',
});

function withheld(sourceId: string, { id, type, stream, metadata }: StoredEvent): VerdictResult {
  const reason = `${type} in ${stream} says otherwise since ${metadata.time}; it was stored at ${metadata.recordedAt}`;
  return { sourceId, outcome: 'withheld', eventId: id, reason };
}

function requestOf(sensor: string, { type, sourceId, schemaVersion, time, data }: CheckedVerdict): AppendRequest {
  const stream = contractOf(type)?.stream?.(data);
  if (stream === undefined) throw new Error(`Verdict ${type} has no stream: its contract in events/ must name one.`);
  const metadata = { source: sensorSource(sensor), sourceId, schemaVersion, time };
  const event = { id: eventIdOf(sensor, sourceId), type, data, metadata };
  return { stream, expected: type === 'ViolationDetected' ? -1 : 'any', events: [event] };
}

const againNamespace = 'a9b7f0f4-1d1c-5a43-8a42-0f3a3c1a7d55';

/** A detection of what is stored already: one more frame of it, under an id that follows from the detection's own. */
function repeatOf({ sourceId, time, data }: Extract<CheckedVerdict, { type: 'ViolationDetected' }>): CheckedVerdict {
  const { violationId, frameTime } = data;
  return {
    type: 'ViolationRepeated',
    sourceId: uuidV5(againNamespace, sourceId),
    schemaVersion: contractOf('ViolationRepeated')?.version ?? 1,
    time,
    data: { violationId, count: 1, firstFrameTime: frameTime, lastFrameTime: frameTime },
  };
}
