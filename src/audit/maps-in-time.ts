import { decodeEvent, parseInstant, type StoredEvent } from '../../events/index.js';
import { LogFold, type NetworkMap } from '../../projections/index.js';

/** The map as of one instant (ms since 1970), good until the next one is taken, and the facts that became true then. */
export interface Moment {
  readonly instant: number;
  readonly map: NetworkMap;
  /** In log order. */
  readonly facts: readonly StoredEvent[];
  /** How many events were folded for it. */
  readonly cost: number;
}

/** The map of some events, given in log order, as of a valid time (ms since 1970; undefined: all of them). */
export function foldTo(events: readonly StoredEvent[], at: number | undefined): LogFold {
  const fold = new LogFold(at === undefined ? {} : { at });
  for (const event of events) fold.fold(event);
  return fold;
}

/**
 * The maps of some events, given in log order, as of each `time` among them. Facts that come next in the log too are folded
 * onto the map before. Where one was told late its place in the log counts, so that all is folded anew.
 */
export function* mapsInTime(events: readonly StoredEvent[]): Generator<Moment> {
  const isPlain = events.every(countsByTimeAlone);
  let fold = new LogFold();
  for (const [instant, facts] of factsByTime(events)) {
    const comeNext = isPlain && (facts[0]?.ordinal ?? 0) > fold.ordinal;
    if (comeNext) for (const fact of facts) fold.fold(fact);
    else fold = isPlain ? foldTo(upTo(events, instant), undefined) : foldTo(events, instant);
    yield { instant, map: fold.map, facts, cost: comeNext ? facts.length : events.length };
  }
}

/** False for a skip, which counts whatever its time, and for what cannot be read, which holds others up. */
function countsByTimeAlone(stored: StoredEvent): boolean {
  return stored.type !== 'EventSkipped' && decodeEvent(stored).readable;
}

function factsByTime(events: readonly StoredEvent[]): [instant: number, facts: StoredEvent[]][] {
  const found = new Map<number, StoredEvent[]>();
  for (const stored of events) {
    const instant = parseInstant(stored.metadata.time);
    if (instant === undefined) continue;
    const facts = found.get(instant);
    if (facts === undefined) found.set(instant, [stored]);
    else facts.push(stored);
  }
  return [...found].sort(([a], [b]) => a - b);
}

function upTo(events: readonly StoredEvent[], instant: number): StoredEvent[] {
  return events.filter(({ metadata }) => (parseInstant(metadata.time) ?? instant) <= instant);
}
