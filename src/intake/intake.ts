import { parseInstant, type StoredEvent } from '../../events/index.js';
import type { Caller } from './caller.js';
import type { AppendOutcome, EventStore, NewAppend, NewEvent } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { type Candidate, checkEvent } from './check-event.js';
import { InFlight } from './in-flight.js';
import { factOf, type Receipt, receiptOf } from './receipt.js';
import type { Refusal } from './refusal.js';
import { type Obstacles, rehearse, type Rehearsed } from './rehearsal.js';
import { idReused, idsWithFollowers, isSameEvent, type Settled, settleBatch } from './settle-batch.js';

/** What became of one event of a request. */
export type Published = { readonly refused: false; readonly receipt: Receipt } | Refusal;

const waitForMapMs = 2000;

/** An event in the log; `candidate` where this very request brought it there. */
interface InLog {
  readonly refused: false;
  readonly event: StoredEvent;
  readonly candidate?: Candidate;
}

/** Takes facts in: checks them, stores them durably, and only then says what they did. */
export class Intake {
  private readonly inFlight = new InFlight();

  constructor(
    private readonly store: EventStore,
    private readonly liveMap: LiveMap,
    private readonly now: () => number = Date.now,
    /** What a sale would wait for. A dry run says so. */
    private readonly obstacles: Obstacles = {
      notEnabled: new Map(),
      noIpv4: () => undefined,
      noIpv6: () => undefined,
      noCustomerPrefix: () => undefined,
    },
  ) {}

  /** Publishes events in order with one append; answers in the same order. Rejects with a StoreError when nothing could be stored. */
  async publish(principal: Caller, values: readonly unknown[]): Promise<Published[]> {
    const now = this.now();
    const checked = values.map((value) => checkEvent(value, principal, now));
    const ids = [...new Set(checked.flatMap((one) => (one.refused ? [] : [one.event.id])))];
    const results = await this.inFlight.run(ids, async () => {
      const allNew = await this.appendNew(values, checked);
      if (allNew !== undefined) return allNew;
      const known = await this.lookUp(idsWithFollowers(checked));
      return this.append(settleBatch(values, checked, known));
    });
    await this.mapHas(results);
    return results.map((one) => (one.refused ? one : { refused: false, receipt: this.receipt(one) }));
  }

  /**
   * What `publish` would answer; stores nothing and changes nothing. Rejects with a StoreError when the log cannot be read.
   */
  async rehearse(principal: Caller, values: readonly unknown[]): Promise<Rehearsed[]> {
    const now = this.now();
    const checked = values.map((value) => checkEvent(value, principal, now));
    const known = await this.lookUp(checked.flatMap((one) => (one.refused ? [] : [one.event.id])));
    let newest = -1;
    for (const { ordinal } of known.values()) newest = Math.max(newest, ordinal);
    await this.liveMap.reached(newest, waitForMapMs);
    return rehearse(settleBatch(values, checked, known), this.liveMap, now, this.obstacles);
  }

  private async lookUp(ids: readonly string[]): Promise<Map<string, StoredEvent>> {
    const found = await Promise.all(ids.map((id) => this.store.findById(id)));
    return new Map(found.flatMap((event) => (event === undefined ? [] : [[event.id, event] as const])));
  }

  /**
   * Most events are new, and then nothing needs to be looked up: what does not depend on the log is settled, and stored
   * where the log has none of it. Undefined where it has.
   */
  private async appendNew(
    values: readonly unknown[],
    checked: readonly (Candidate | Refusal)[],
  ): Promise<(InLog | Refusal)[] | undefined> {
    if (checked.length === 1) return undefined; // Nothing follows it, so that it is not looked up anyhow.
    const settled = settleBatch(values, checked, nothingKnown);
    const candidates = candidatesOf(settled);
    const events = candidates.length === 0 ? [] : await this.store.appendNew(inRuns(candidates));
    if (events === undefined) return undefined;
    let next = 0;
    return resultsOf(settled, (candidate) => ({ refused: false, event: needed(events[next++]), candidate }));
  }

  private async append(settled: readonly Settled[]): Promise<(InLog | Refusal)[]> {
    const candidates = candidatesOf(settled);
    const outcomes =
      candidates.length === 0
        ? []
        : await this.store.appendMany(
            candidates.map(({ stream, event }) => ({ stream, expected: 'any', events: [event] })),
          );
    let next = 0;
    return resultsOf(settled, (candidate) => resultOf(candidate, outcomes[next++]));
  }

  private async mapHas(results: readonly (InLog | Refusal)[]): Promise<void> {
    let newest = -1;
    for (const one of results) if (!one.refused && one.event.ordinal > newest) newest = one.event.ordinal;
    await this.liveMap.reached(newest, waitForMapMs);
  }

  private receipt({ event, candidate }: InLog): Receipt {
    if (candidate === undefined) return receiptOf(event, this.liveMap.effectOf(event));
    const { position, ordinal, metadata } = event;
    const recordedAt = parseInstant(metadata.recordedAt) ?? 0;
    const meaning = this.liveMap.effectOfFact(factOf(candidate, { position, ordinal, recordedAt }));
    return receiptOf(event, meaning, { time: candidate.time, recordedAt });
  }
}

const nothingKnown: ReadonlyMap<string, StoredEvent> = new Map();

function candidatesOf(settled: readonly Settled[]): Candidate[] {
  const candidates: Candidate[] = [];
  for (const one of settled) if (!one.refused && one.to === 'append') candidates.push(one.candidate);
  return candidates;
}

/** Neighbours of one stream make one append; the order stays. */
function inRuns(candidates: readonly Candidate[]): NewAppend[] {
  const runs: { readonly stream: string; readonly events: NewEvent[] }[] = [];
  let run: (typeof runs)[number] | undefined;
  for (const { stream, event } of candidates) {
    if (run?.stream === stream) run.events.push(event);
    else runs.push((run = { stream, events: [event] }));
  }
  return runs;
}

/** @param appended what became of a candidate; asked for one after the other */
function resultsOf(
  settled: readonly Settled[],
  appended: (candidate: Candidate) => InLog | Refusal,
): (InLog | Refusal)[] {
  const results: (InLog | Refusal)[] = [];
  for (const one of settled) {
    if (one.refused) results.push(one);
    else if (one.to === 'answer') results.push({ refused: false, event: one.stored });
    else if (one.to === 'repeat') results.push(needed(results[one.index]));
    else results.push(appended(one.candidate));
  }
  return results;
}

function resultOf(candidate: Candidate, answer: AppendOutcome | undefined): InLog | Refusal {
  const outcome = needed(answer);
  switch (outcome.outcome) {
    case 'stored':
      return { refused: false, event: needed(outcome.events[0]), candidate };
    case 'duplicate': {
      const event = needed(outcome.events[0]);
      return isSameEvent(candidate, event) ? { refused: false, event } : idReused(candidate);
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
