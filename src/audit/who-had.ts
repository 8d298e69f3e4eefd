import { setImmediate } from 'node:timers/promises';
import { decodeEvent, formatInstant, parseInstant, type StoredEvent } from '../../events/index.js';
import { decidingEvents, streamsNaming } from './concerned-streams.js';
import { type FactRef, factOf } from './fact.js';
import { type Holding, holdingsOf, type NamedHolding } from './holding.js';
import type { KnownLog } from './known-log.js';
import { mentions } from './mentions.js';
import { foldTo, mapsInTime } from './maps-in-time.js';
import type { Subject } from './subject.js';
import { type IdleFact, idleFacts } from './idle-fact.js';

/** A stretch [from, to) of the valid-time axis in which the same server had the subject in the same way. */
export interface Interval extends Holding {
  readonly from: string;
  /** Absent while nothing that is known ends it. */
  readonly to?: string;
  /** The fact that names the subject. */
  readonly namedBy?: FactRef;
  /** The facts without which it would not have begun, or ended, at that moment. */
  readonly opened: readonly FactRef[];
  readonly closed: readonly FactRef[];
}

/** Who had a subject when, as the known part of the log tells it; facts told late or corrected stand where they belong. */
export interface WhoHad {
  /** In order of `from`. */
  readonly intervals: readonly Interval[];
  /** Facts that name the subject and gave it to nobody. */
  readonly idle: readonly IdleFact[];
}

/** Facts folded in one turn of the event loop. */
const turnFacts = 500;

interface Open {
  readonly holding: NamedHolding;
  readonly from: number;
  readonly opened: readonly FactRef[];
}

/**
 * The answer at every moment T is that of the map as of T; it can change only at the `time` of a deciding fact. Costs two
 * searches of the log and one fold of the deciding events, and another fold for each fact that was told later than one that
 * became true after it. Undefined when no event names the subject.
 */
export async function whoHad(log: KnownLog, subject: Subject): Promise<WhoHad | undefined> {
  const named = await streamsNaming(log, subject);
  return named.size === 0 ? undefined : whoHadBy(await decidingEvents(log, subject, named), subject);
}

/** The same, given the deciding events. */
async function whoHadBy(events: readonly StoredEvent[], subject: Subject): Promise<WhoHad> {
  const naming = events.filter((stored) => isNaming(stored, subject));
  const intervals = await intervalsBy(events, subject);
  return { intervals, idle: idleFacts({ events, naming, subject, intervals }) };
}

/** The intervals alone, in order of `from`, given the deciding events. */
export async function intervalsBy(events: readonly StoredEvent[], subject: Subject): Promise<Interval[]> {
  const byOrdinal = new Map(events.map((stored) => [stored.ordinal, stored]));
  const intervals: Interval[] = [];
  let open = new Map<string, Open>();
  let folded = 0;
  for (const { instant, facts, map, cost } of mapsInTime(events)) {
    const now = new Map(holdingsOf(map, subject).map((one) => [identity(one), one]));
    const causesOf = (key: string): FactRef[] => changers(events, facts, { subject, instant, key, is: now.has(key) });
    const next = new Map<string, Open>();
    for (const [key, holding] of now) {
      next.set(key, open.get(key) ?? { holding, from: instant, opened: causesOf(key) });
    }
    for (const [key, one] of open) if (!now.has(key)) intervals.push(closed(one, instant, causesOf(key), byOrdinal));
    open = next;
    folded += cost;
    if (folded < turnFacts) continue;
    folded = 0;
    await setImmediate(); // A long answer must not keep the engine from its other work.
  }
  for (const one of open.values()) intervals.push(closed(one, undefined, [], byOrdinal));
  return intervals.sort(byStart);
}

/** The holdings at one instant (ms since 1970), by definition: those of the map as of then. */
export function holdingsAt(events: readonly StoredEvent[], subject: Subject, at: number): NamedHolding[] {
  return holdingsOf(foldTo(events, at).map, subject);
}

/** What makes two holdings the same: everything they say but the fact that names them. */
export function identity(holding: NamedHolding): string {
  return JSON.stringify({ ...holding, namedBy: undefined });
}

/** Only intervals that contain the instant (ms since 1970). */
export function during(answer: WhoHad, at: number): WhoHad {
  const contains = ({ from, to }: Interval): boolean =>
    (parseInstant(from) ?? 0) <= at && (to === undefined || at < (parseInstant(to) ?? 0));
  return { ...answer, intervals: answer.intervals.filter(contains) };
}

/** The intervals as the facts up to an instant tell them (ms since 1970): what comes later neither begins nor ends one. */
export function begunBy(intervals: readonly Interval[], at: number): Interval[] {
  return intervals
    .filter(({ from }) => (parseInstant(from) ?? 0) <= at)
    .map(({ to, closed, ...one }) =>
      to === undefined || (parseInstant(to) ?? 0) > at ? { ...one, closed: [] } : { ...one, to, closed },
    );
}

function isNaming(stored: StoredEvent, subject: Subject): boolean {
  const decoded = decodeEvent(stored);
  return decoded.readable && mentions(decoded.event, subject);
}

interface Change {
  readonly subject: Subject;
  readonly instant: number;
  /** The holding, and whether it is there since this instant, or was before. */
  readonly key: string;
  readonly is: boolean;
}

/** The facts of this instant that, each left out alone, leave the holding as it was before; all of them where none does. */
function changers(events: readonly StoredEvent[], facts: readonly StoredEvent[], change: Change): FactRef[] {
  // Without its only fact this instant is like the one before. A skip counts whatever its time.
  const isOnly = facts.length === 1 && facts[0]?.type !== 'EventSkipped';
  if (isOnly) return facts.map(factOf);
  const { subject, instant, key, is } = change;
  const has = (without: StoredEvent): boolean => {
    const rest = events.filter((one) => one !== without);
    return holdingsAt(rest, subject, instant).some((one) => identity(one) === key);
  };
  const needed = facts.filter((stored) => has(stored) !== is);
  return (needed.length > 0 ? needed : facts).map(factOf);
}

function closed(
  { holding, from, opened }: Open,
  to: number | undefined,
  by: FactRef[],
  byOrdinal: ReadonlyMap<number, StoredEvent>,
): Interval {
  const { namedBy, ...rest } = holding;
  const naming = byOrdinal.get(namedBy);
  return {
    from: formatInstant(from),
    ...(to === undefined ? {} : { to: formatInstant(to) }),
    ...rest,
    ...(naming === undefined ? {} : { namedBy: factOf(naming) }),
    opened,
    closed: by,
  };
}

function byStart(a: Interval, b: Interval): number {
  if (a.from !== b.from) return a.from < b.from ? -1 : 1;
  return `${a.role} ${a.serverId ?? a.switch} ${a.what}` < `${b.role} ${b.serverId ?? b.switch} ${b.what}` ? -1 : 1;
}
