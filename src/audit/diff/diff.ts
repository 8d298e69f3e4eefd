import type { StoredEvent } from '../../../events/index.js';
import type { NetworkMap } from '../../../projections/index.js';
import type { AsOf } from '../as-of.js';
import { foldAsOf } from '../fold-as-of.js';
import { factOf } from '../fact.js';
import { type Indexed, KnownLog, lastKnown, type LogReader } from '../known-log.js';
import { type CausedDifference, differences, keyOf } from './difference.js';
import { type Axis, type DiffQuestion, fieldsOfDiff, isBetween } from './diff-question.js';
import { refusedViolation } from './refused-containment.js';
import { touchedBy } from './touched.js';

/** How the map as of one moment differs from that as of another. */
export interface DiffAnswer {
  readonly axis: Axis;
  readonly from: string;
  readonly to: string;
  /** The moment of the other axis; absent where all of it counts. */
  readonly at?: string;
  readonly knownAt?: string;
  /** Of the last event that was known. */
  readonly ordinal: number;
  /** How many there are on all pages. */
  readonly count: number;
  /** Servers by their id, then violations by theirs. */
  readonly differences: readonly CausedDifference[];
  /** Pass it as `cursor` for the next page; absent on the last one. */
  readonly next?: string;
}

/** All differences of a question, whatever page of them is asked for. */
export interface AllDifferences {
  readonly ordinal: number;
  readonly differences: readonly CausedDifference[];
}

/**
 * Compares what the events between the two moments touched, and nothing else: all else is the same in both maps. Costs
 * three searches of the log and two folds of the streams concerned, whatever the size of the map.
 */
export async function diff(reader: LogReader, question: DiffQuestion, indexed: Indexed = {}): Promise<AllDifferences> {
  const log = await KnownLog.open(reader, question.to.knownAt, indexed);
  const candidates = await candidatesOf(log, reader, question);
  const mapsOf = async (events: readonly StoredEvent[]): Promise<[NetworkMap, NetworkMap]> =>
    Promise.all([mapOf(events, question.from), mapOf(events, question.to)]);
  const touched = await touchedBy(log, candidates, { isBetween: (event) => isBetween(question, event), mapsOf });
  const [before, after] = await mapsOf(touched.events);
  const between = new Map<string, StoredEvent[]>();
  for (const event of touched.events) {
    if (!isCause(event) || !isBetween(question, event)) continue;
    const refused = refusedViolation(event);
    const stream = refused === undefined ? event.stream : `violation-${refused}`;
    between.set(stream, [...(between.get(stream) ?? []), event]);
  }
  const found = differences(before, after, touched).map(({ difference, streams }) => {
    const causes = streams.flatMap((stream) => between.get(stream) ?? []).sort((a, b) => a.ordinal - b.ordinal);
    return { ...difference, causes: causes.map(factOf) };
  });
  return { ordinal: log.ordinal, differences: found };
}

/** One page of the differences, and what was compared. */
export function diffPage(question: DiffQuestion, { ordinal, differences: all }: AllDifferences): DiffAnswer {
  const { page } = question;
  const rest = all.filter((one) => page.cursor === undefined || keyOf(one) > page.cursor);
  const shown = rest.slice(0, page.limit);
  const last = shown.at(-1);
  const more = shown.length < rest.length && last !== undefined;
  const { from, to, at, knownAt } = fieldsOfDiff(question);
  return {
    ...{ axis: question.axis, from: from ?? '', to: to ?? '' },
    ...(at === undefined ? {} : { at }),
    ...(knownAt === undefined ? {} : { knownAt }),
    ...{ ordinal, count: all.length, differences: shown },
    ...(more ? { next: keyOf(last) } : {}),
  };
}

/** All events between the two moments, and perhaps others. Nothing recorded by the first one lies between two of what was known. */
async function candidatesOf(
  log: KnownLog,
  reader: LogReader,
  { axis, from, to }: DiffQuestion,
): Promise<AsyncIterable<readonly StoredEvent[]>> {
  if (axis === 'known') return log.after(await lastKnown(reader, from.knownAt));
  return from.at === undefined || to.at === undefined ? log.pages() : log.timed(from.at, to.at);
}

async function mapOf(events: readonly StoredEvent[], asOf: AsOf): Promise<NetworkMap> {
  return (await foldAsOf([events], asOf)).map;
}

/** What was heard at a port changes neither its link nor anything sold. */
function isCause({ type }: StoredEvent): boolean {
  return type !== 'MacSeen';
}
