import { randomUUID } from 'node:crypto';
import { catalogue, decodeData, formatInstant, type StoredEvent } from '../../events/index.js';
import { triageTable, type ViolationRow } from '../../projections/index.js';
import type { AppendRequest, EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import type { Action } from './triage-actions.js';
import { etagOf } from './violation-view.js';

/** An action on one violation, as whoever asks for it saw it. */
export interface TriageOrder {
  readonly violationId: string;
  readonly etag: string;
  readonly action: Action;
}

export type TriageOutcome =
  | { readonly outcome: 'done'; readonly row: ViolationRow }
  | { readonly outcome: 'unknown' }
  /** Somebody acted, or its state changed, since it was seen. */
  | { readonly outcome: 'stale'; readonly row: ViolationRow }
  /** The table of states and acts refuses it. */
  | { readonly outcome: 'refused'; readonly row: ViolationRow; readonly why: string }
  /** The event's contract refuses what it says. */
  | { readonly outcome: 'malformed'; readonly why: string }
  /** An event of this violation cannot be read; until it is skipped nothing counts that is said of it. */
  | { readonly outcome: 'frozen' }
  /** Others kept writing to it, or the map does not follow the log. Nothing was stored. */
  | { readonly outcome: 'busy' }
  /** It is stored; the map does not show it yet. */
  | { readonly outcome: 'unsettled' };

export const feedSource = 'urn:portledger:feed';
const mostTries = 5;
const reachedWithinMs = 10_000;

interface Ready {
  readonly request: AppendRequest;
}

/**
 * Does what people ask for: stored at the exact revision at which the violation was as they saw it, so that of two who
 * saw the same one comes first, and the other one hears of it. Frames that are merely counted make nobody late.
 */
export class TriageDesk {
  constructor(
    private readonly store: Pick<EventStore, 'appendMany' | 'readStream'>,
    private readonly liveMap: LiveMap,
    /** Wall clock, ms since 1970. */
    private readonly now: () => number = Date.now,
  ) {}

  async act(order: TriageOrder): Promise<TriageOutcome> {
    const [outcome] = await this.actOnAll([order]);
    return outcome ?? { outcome: 'busy' };
  }

  /** Outcomes in the order of the orders; each stands or falls by itself. */
  async actOnAll(orders: readonly TriageOrder[]): Promise<TriageOutcome[]> {
    const outcomes: TriageOutcome[] = orders.map(() => ({ outcome: 'busy' }));
    let waiting = [...orders.keys()];
    for (let tries = 0; tries < mostTries && waiting.length > 0; tries++)
      waiting = await this.round(orders, waiting, outcomes);
    return outcomes;
  }

  /** Looks at each, and stores in one step all that may be done; answers those that have to be looked at again. */
  private async round(
    orders: readonly TriageOrder[],
    waiting: readonly number[],
    outcomes: TriageOutcome[],
  ): Promise<number[]> {
    const looks = await Promise.all(waiting.map((index) => this.look(orders[index])));
    const going = new Map<string, { index: number; request: AppendRequest }>();
    const again: number[] = [];
    for (const [place, index] of waiting.entries()) {
      const look = looks[place];
      if (look === undefined) continue;
      if ('outcome' in look) outcomes[index] = look;
      // Of two orders about one violation the second is looked at once the first is done.
      else if (going.has(look.request.stream)) again.push(index);
      else going.set(look.request.stream, { index, request: look.request });
    }
    const requests = [...going.values()];
    const stored = requests.length === 0 ? [] : await this.store.appendMany(requests.map(({ request }) => request));
    for (const [place, { index, request }] of requests.entries()) {
      const answer = stored[place];
      if (answer?.outcome === 'wrong-revision') again.push(index);
      else if (answer?.outcome === 'stored') outcomes[index] = await this.settled(orders[index], answer.events);
      else throw new Error(`${request.stream}: an act was not stored, the log answered ${answer?.outcome}`);
    }
    return again.sort((a, b) => a - b);
  }

  private async look(order: TriageOrder | undefined): Promise<Ready | TriageOutcome> {
    if (order === undefined) return { outcome: 'unknown' };
    const { violationId, etag, action } = order;
    const stream = `violation-${violationId}`;
    if (this.liveMap.map.violations.get(violationId) === undefined) return { outcome: 'unknown' };
    const { events } = await this.store.readStream(stream, { backwards: true, limit: 1 });
    const [last] = events;
    if (last === undefined) return { outcome: 'unknown' };
    if (!(await this.liveMap.reached(last.ordinal, reachedWithinMs))) return { outcome: 'busy' };
    if (this.liveMap.isFrozen(stream)) return { outcome: 'frozen' };
    const row = this.liveMap.map.violations.get(violationId);
    if (row === undefined) return { outcome: 'unknown' };
    if (etagOf(row) !== etag) return { outcome: 'stale', row };
    const cell = triageTable[row.state][action.act];
    if ('refused' in cell) return { outcome: 'refused', row, why: cell.refused };
    const read = decodeData(action.type, catalogue[action.type].version, { ...action.data, violationId });
    if (!read.readable) return { outcome: 'malformed', why: read.reason };
    const events_ = [newEvent(action.type, read.data, this.now())];
    return { request: { stream, expected: last.revision, events: events_ } };
  }

  private async settled(order: TriageOrder | undefined, events: readonly StoredEvent[]): Promise<TriageOutcome> {
    const ordinal = events.at(-1)?.ordinal ?? Number.POSITIVE_INFINITY;
    const isFolded = await this.liveMap.reached(ordinal, reachedWithinMs);
    const row = this.liveMap.map.violations.get(order?.violationId ?? '');
    return isFolded && row !== undefined ? { outcome: 'done', row } : { outcome: 'unsettled' };
  }
}

/** An event of the feed, stamped now (ms since 1970). */
export function newEvent(
  type: keyof typeof catalogue,
  data: object,
  now: number,
  id: string = randomUUID(),
): AppendRequest['events'][number] {
  const { version } = catalogue[type];
  return {
    id,
    type,
    data,
    metadata: { source: feedSource, sourceId: id, schemaVersion: version, time: formatInstant(now) },
  };
}
