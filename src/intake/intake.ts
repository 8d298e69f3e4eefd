import type { StoredEvent } from '../../events/index.js';
import type { Conflict, Effect } from '../../projections/index.js';
import type { Caller } from './caller.js';
import type { AppendOutcome, EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { type Candidate, checkEvent, clockToleranceMs } from './check-event.js';
import { InFlight } from './in-flight.js';
import type { Refusal } from './refusal.js';
import { idReused, idsWithFollowers, isSameEvent, type Settled, settleBatch } from './settle-batch.js';

/** What a publisher is told about an event that is stored. */
export interface Receipt {
  readonly refused: false;
  /** The publisher's own id of the event. */
  readonly id: string;
  /** The id it is stored under. */
  readonly eventId: string;
  readonly position: string;
  readonly ordinal: number;
  /** What the fact means for the map as it is now; `stored` when the map has not got to it yet. */
  readonly effect: Effect | 'stored';
  readonly conflicts: readonly Conflict[];
  /** True when the fact is more than five minutes older than its record. */
  readonly backDated?: true;
}

const waitForMapMs = 2000;

/** Takes facts in: checks them, stores them durably, and only then says what they did. */
export class Intake {
  private readonly inFlight = new InFlight();

  constructor(
    private readonly store: EventStore,
    private readonly liveMap: LiveMap,
    private readonly now: () => number = Date.now,
  ) {}

  /** Publishes events in order with one append; answers in the same order. Rejects with a StoreError when nothing could be stored. */
  async publish(principal: Caller, values: readonly unknown[]): Promise<(Receipt | Refusal)[]> {
    const now = this.now();
    const checked = values.map((value) => checkEvent(value, principal, now));
    const ids = [...new Set(checked.flatMap((one) => (one.refused ? [] : [one.event.id])))];
    const stored = await this.inFlight.run(ids, async () => {
      const known = await this.lookUp(idsWithFollowers(checked));
      return this.append(settleBatch(values, checked, known));
    });
    const newest = Math.max(-1, ...stored.map((one) => ('refused' in one ? -1 : one.ordinal)));
    await this.liveMap.reached(newest, waitForMapMs);
    return stored.map((one) => ('refused' in one ? one : this.receipt(one)));
  }

  private async lookUp(ids: readonly string[]): Promise<Map<string, StoredEvent>> {
    const found = await Promise.all(ids.map((id) => this.store.findById(id)));
    return new Map(found.flatMap((event) => (event === undefined ? [] : [[event.id, event] as const])));
  }

  private async append(settled: readonly Settled[]): Promise<(StoredEvent | Refusal)[]> {
    const candidates = settled.flatMap((one) => (!one.refused && one.to === 'append' ? [one.candidate] : []));
    const outcomes =
      candidates.length === 0
        ? []
        : await this.store.appendMany(
            candidates.map(({ stream, event }) => ({ stream, expected: 'any', events: [event] })),
          );
    const results: (StoredEvent | Refusal)[] = [];
    let next = 0;
    for (const one of settled) {
      if (one.refused) results.push(one);
      else if (one.to === 'answer') results.push(one.stored);
      else if (one.to === 'repeat') results.push(needed(results[one.index]));
      else results.push(resultOf(one.candidate, outcomes[next++]));
    }
    return results;
  }

  private receipt(event: StoredEvent): Receipt {
    const { id: eventId, position, ordinal, metadata } = event;
    const { effect, conflicts } = this.liveMap.effectOf(event) ?? { effect: 'stored' as const, conflicts: [] };
    const age = Date.parse(metadata.recordedAt) - Date.parse(metadata.time);
    const backDated = age > clockToleranceMs ? ({ backDated: true } as const) : {};
    return { refused: false, id: metadata.sourceId, eventId, position, ordinal, effect, conflicts, ...backDated };
  }
}

function resultOf(candidate: Candidate, answer: AppendOutcome | undefined): StoredEvent | Refusal {
  const outcome = needed(answer);
  switch (outcome.outcome) {
    case 'stored':
      return needed(outcome.events[0]);
    case 'duplicate': {
      const stored = needed(outcome.events[0]);
      return isSameEvent(candidate, stored) ? stored : idReused(candidate);
    }
    case 'id-conflict':
      return idReused(candidate);
    case 'wrong-revision':
      throw new Error(`The store refused a revision of ${candidate.stream} though any was asked for.`);
  }
}

function needed<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The store answered fewer outcomes than it was asked for.');
  return value;
}
