import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeEvent, type StoredEvent } from '../../events/index.js';
import type { EventStore, ReadPage } from '../event-store/event-store.port.js';
import type { Read } from './as-of.js';
import { lastKnown } from './known-log.js';
import { fitting, isPicky, type LogFilter, readLogFilter, spanFilters, textFilters } from './log-filter.js';
import { type Fields, strayField } from './question.js';

/** What looking into a log needs of it. */
export type LogView = Pick<
  EventStore,
  'logId' | 'readAll' | 'readStream' | 'readAt' | 'ordinalsOf' | 'head' | 'findById' | 'tree'
>;

/** An event as it stands in the log, and why it cannot be read where it cannot. */
export interface LoggedEvent extends StoredEvent {
  readonly unreadable?: string;
}

/** A look at the log: all filters given must fit. */
export interface LogQuestion extends LogFilter {
  /** Go on after this event: its id, `#` and an ordinal, or, without `stream`, its position. */
  readonly after?: string;
  readonly limit: number;
  /** Newest first; `after` then means before. */
  readonly backwards: boolean;
}

export interface LogPage {
  readonly events: readonly LoggedEvent[];
  /** Pass it as `after` for the next page; absent at the end of the log. A page may hold fewer events than asked for, or none. */
  readonly next?: string;
  /** The last event that was looked at, whether it fits or not: go on after it when more has been stored. */
  readonly last?: string;
  /** Its ordinal, where an event was looked at. */
  readonly lastOrdinal?: number;
  /** How many events were looked at for this page. */
  readonly lookedAt: number;
}

/** Most events in one answer, and how many without a wish. */
export const mostEvents = 500;
const usualEvents = 100;
/** A filter that fits nothing must not read the whole log for one answer. */
const mostLookedAt = 10_000;
const pageSize = 1000;

/** Longest wait for something new, seconds. */
export const longestWait = 25;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const position = /^(?:0|[1-9]\d{0,39})$/;
const ordinal = /^#\d{1,15}$/;
const fieldNames = ['after', 'limit', 'backwards', 'wait', ...textFilters, ...spanFilters] as const;

/** Reads the fields of a question about the log; `wait` in seconds. */
export function readLogQuestion(fields: Fields): Read<LogQuestion & { readonly wait: number }> {
  const stray = strayField(fields, fieldNames);
  if (stray !== undefined) return { problem: stray };
  const { after, stream } = fields;
  const limit = wholeNumber(fields['limit'] ?? String(usualEvents), 1, mostEvents);
  if (limit === undefined) return { problem: `limit: expected 1 to ${mostEvents}, found "${fields['limit']}"` };
  const wait = wholeNumber(fields['wait'] ?? '0', 0, longestWait);
  if (wait === undefined) return { problem: `wait: expected 0 to ${longestWait} seconds, found "${fields['wait']}"` };
  const backwards = fields['backwards'] ?? 'false';
  if (backwards !== 'true' && backwards !== 'false')
    return { problem: `backwards: expected true or false, found "${backwards}"` };
  if (backwards === 'true' && wait > 0) return { problem: 'wait: nothing new comes backwards; leave out one of them' };
  const isPlace =
    after === undefined || uuid.test(after) || ordinal.test(after) || (stream === undefined && position.test(after));
  if (!isPlace) return { problem: `after: expected ${expectedAfter(stream)}, found "${after.slice(0, 80)}"` };
  const filter = readLogFilter(fields);
  if ('problem' in filter) return filter;
  const place = after === undefined ? {} : { after };
  return { value: { limit, wait, backwards: backwards === 'true', ...place, ...filter.value } };
}

/** `after` names no event of this log; resuming there would skip or repeat without a word. */
export class UnknownPlace extends Error {
  constructor(after: string) {
    super(`after: there is no event ${after} here; pass the id or the position of an event of this log`);
    this.name = 'UnknownPlace';
  }
}

/** A page that would go on where it began: whoever asks for page after page would ask for ever. */
export class LogStandsStill extends Error {
  constructor(place: Place) {
    const where = place === undefined ? 'the start' : `event ${place.id}`;
    super(
      `The log says that it goes on after ${where} and gives nothing that lies further on; expected a later event, or the end. Check what the store answers (portledger audit verify) and ask again.`,
    );
    this.name = 'LogStandsStill';
  }
}

/**
 * One page of what was asked for. Each page that has a next one ends further on than it was asked to begin. Rejects with
 * UnknownPlace where `after` is no event there, with LogStandsStill where the store does not go on.
 */
export async function logPage(log: LogView, question: LogQuestion): Promise<LogPage> {
  const { limit, backwards } = question;
  const [fits, picky] = [fitting(question), isPicky(question)];
  const read = reading(log, question);
  const found: LoggedEvent[] = [];
  const [range, begin] = [await rangeOf(log, question), await placeOf(log, question)];
  let last = laterStart(begin, range.start, backwards);
  let lookedAt = 0;
  const told = (isMore: boolean): LogPage => ({
    events: found,
    ...(isMore ? { next: idOf(last) } : {}),
    ...(last === undefined ? {} : { last: last.id }),
    ...(last?.ordinal === undefined ? {} : { lastOrdinal: last.ordinal }),
    lookedAt,
  });
  while (lookedAt < mostLookedAt && found.length < limit) {
    const page = await read(last, picky ? pageSize : limit - found.length);
    const [first] = page.events;
    const before = lookedAt === 0 ? begin : last;
    const isMoreSaid = first !== undefined || page.next !== undefined;
    if (isMoreSaid && !isFurther(first, before, backwards)) throw new LogStandsStill(before);
    for (const event of page.events) {
      if (found.length === limit) return told(true);
      if (range.isPast(event)) return told(false);
      if (fits(event)) found.push(logged(event));
      last = event;
      lookedAt++;
    }
    if (picky) await nextTurn();
    if (page.next === undefined) return told(false);
  }
  return told(true);
}

/** An event with the reason why it cannot be read, where it cannot. */
export function logged(event: StoredEvent): LoggedEvent {
  const decoded = decodeEvent(event);
  return decoded.readable ? event : { ...event, unreadable: decoded.reason };
}

type Place = (Pick<StoredEvent, 'id' | 'position' | 'revision'> & { readonly ordinal?: number }) | undefined;

/** Where the events of `recorded` begin, looked from where the answer starts, and which event is behind them. */
interface Range {
  readonly start: Place;
  readonly isPast: (event: StoredEvent) => boolean;
}

/** What was recorded when is found by halves, as `recordedAt` never decreases: nothing outside is read. */
async function rangeOf(log: LogView, { recorded, backwards, stream }: LogQuestion): Promise<Range> {
  if (recorded === undefined) return { start: undefined, isPast: () => false };
  const { from, to } = recorded;
  const first = from === undefined ? 0 : (await lastKnown(log, { recordedAt: from - 1 })) + 1;
  const end = to === undefined ? Number.POSITIVE_INFINITY : await lastKnown(log, { recordedAt: to });
  const isPast = ({ ordinal }: StoredEvent): boolean => (backwards ? ordinal < first : ordinal > end);
  const before = backwards ? end + 1 : first - 1;
  const isInside = before >= 0 && Number.isFinite(before);
  return { start: isInside ? await placeBy(log, before, { stream, backwards }) : undefined, isPast };
}

/** Of two places to start after, the one that is further on. */
function laterStart(one: Place, other: Place, backwards: boolean): Place {
  if (one === undefined || other === undefined) return one ?? other;
  return isFurther(other, one, backwards) ? other : one;
}

/** Whether a place lies behind another in the way that is gone; everything lies behind none. */
function isFurther(one: Place, other: Place, backwards: boolean): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  const [at, from] = [BigInt(one.position), BigInt(other.position)];
  return backwards ? at < from : at > from;
}

function reading(log: LogView, { stream, backwards }: LogQuestion): (after: Place, limit: number) => Promise<ReadPage> {
  if (stream === undefined)
    return (after, limit) =>
      log.readAll({ ...(after === undefined ? {} : { after: after.position }), limit, backwards });
  return async (after, limit) => {
    if (after === undefined) return log.readStream(stream, { limit, backwards });
    const fromRevision = after.revision + (backwards ? -1 : 1);
    return fromRevision < 0
      ? { events: [], next: undefined }
      : log.readStream(stream, { fromRevision, limit, backwards });
  };
}

async function placeOf(log: LogView, { after, stream, backwards }: LogQuestion): Promise<Place> {
  if (after === undefined) return undefined;
  if (uuid.test(after)) {
    const event = await log.findById(after);
    if (event === undefined || (stream !== undefined && event.stream !== stream)) throw new UnknownPlace(after);
    return event;
  }
  if (ordinal.test(after)) return placeAt(log, Number(after.slice(1)), { stream, backwards });
  // A position behind the end of the log is of another log: waiting for it would look like silence.
  const head = await log.head();
  if (head === undefined || BigInt(after) > BigInt(head.position)) throw new UnknownPlace(after);
  return { id: after, position: after, revision: 0 };
}

/** Backwards, the end of the log may be named by the ordinal that comes next. */
async function placeAt(log: LogView, wanted: number, way: Way): Promise<Place> {
  const end = (await log.head())?.ordinal ?? -1;
  if (wanted > end + (way.backwards ? 1 : 0)) throw new UnknownPlace(`#${wanted}`);
  return placeBy(log, wanted, way);
}

type Way = Readonly<Pick<LogQuestion, 'backwards'>> & { readonly stream?: string | undefined };

/** The event of that ordinal; in a stream, which may not hold it, the last one before it in the way that is gone. */
async function placeBy(log: LogView, wanted: number, { stream, backwards }: Way): Promise<Place> {
  if (stream === undefined) return (await log.readAt([wanted]))[0];
  const one = async (fromRevision?: number): Promise<StoredEvent | undefined> => {
    const last = fromRevision === undefined;
    const { events } = await log.readStream(stream, { limit: 1, ...(last ? { backwards: true } : { fromRevision }) });
    return events[0];
  };
  let [low, high] = [0, ((await one())?.revision ?? -1) + 1];
  // By halves the first revision behind the place: forwards one with a later ordinal, backwards one with this or a later one.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = (await one(middle))?.ordinal ?? Number.POSITIVE_INFINITY;
    if (backwards ? at < wanted : at <= wanted) low = middle + 1;
    else high = middle;
  }
  const revision = backwards ? low : low - 1;
  return revision < 0 ? undefined : one(revision);
}

function idOf(place: Place): string {
  if (place === undefined) throw new Error('A page that goes on has looked at no event');
  return place.id;
}

function expectedAfter(stream: string | undefined): string {
  return stream === undefined
    ? 'the id, the position or #ordinal of an event'
    : 'the id of an event of that stream, such as `next` of the page before, or `#` and an ordinal';
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}
