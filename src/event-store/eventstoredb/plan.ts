import { canonicalJson } from '../canonical-json.js';
import type { AppendOutcome, AppendRequest, ExpectedRevision, NewEvent } from '../event-store.port.js';
import type { ProposedRecord } from './client.js';

/** An append as it was handed over: texts are RFC 8785 forms, so that its owner may go on with the objects. */
export interface PreparedAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly data: string;
    readonly metadata: string;
  }[];
}

/** What a plan has to know of the log. */
export interface LogView {
  /** -1 for a stream that nobody wrote. */
  revisionOf(stream: string): number;
  /** The stream in which an id stands. */
  streamOf(id: string): string | undefined;
}

/** What is to become of one append. */
export type Step =
  | { readonly step: 'answer'; readonly outcome: AppendOutcome }
  /** All its ids stand in the log, or will when what is before it in the plan is stored. */
  | { readonly step: 'repeat' }
  | { readonly step: 'send'; readonly run: Run };

/** Appends that go to the server as one: of one stream, one after the other in the plan. */
export interface Run {
  readonly stream: string;
  /** The revision that the stream is at before it. */
  readonly after: number;
  readonly events: PreparedAppend['events'][number][];
  readonly appends: number[];
}

const mostEvents = 1000;
/** The server's own limit is 1 MiB by default. */
const mostBytes = 512 * 1024;

/** @throws NotJson, or RangeError for an id that is no UUID in lower case */
export function prepared({ stream, expected, events }: AppendRequest, isId: (id: string) => boolean): PreparedAppend {
  canonicalJson({ stream, names: events.map(({ id, type }) => [id, type]) });
  for (const { id } of events)
    if (!isId(id)) throw new RangeError(`"${id}" is no event id of this store: expected a UUID in lower case`);
  return { stream, expected, events: events.map(preparedEvent) };
}

function preparedEvent({ id, type, data, metadata }: NewEvent): PreparedAppend['events'][number] {
  return { id, type, data: canonicalJson(data), metadata: canonicalJson(metadata) };
}

/** The same as it goes to the server, stamped. */
export function proposedRecord(
  { id, type, data, metadata }: PreparedAppend['events'][number],
  recordedAt: string,
): ProposedRecord {
  const stamped = { ...(JSON.parse(metadata) as object), recordedAt };
  return { id, type, data: JSON.parse(data) as object, metadata: canonicalJson(stamped) };
}

/** Decides each append in turn, as if those before it were stored already. Every run has an exact revision. */
export function planAppends(appends: readonly PreparedAppend[], log: LogView): Step[] {
  const revisions = new Map<string, number>();
  const streams = new Map<string, string>();
  let open: (Run & { bytes: number }) | undefined;
  return appends.map((append, place) => {
    const already = alreadyThere(append, (id) => streams.get(id) ?? log.streamOf(id));
    if (already !== undefined) return already;
    const { stream, expected, events } = append;
    const actual = revisions.get(stream) ?? log.revisionOf(stream);
    if (expected !== 'any' && expected !== actual)
      return { step: 'answer', outcome: { outcome: 'wrong-revision', expected, actual } };
    if (events.length === 0) return { step: 'answer', outcome: { outcome: 'stored', events: [] } };
    const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    const joins =
      open?.stream === stream && open.events.length + events.length <= mostEvents && open.bytes + bytes <= mostBytes;
    if (!joins || open === undefined) open = { stream, after: actual, events: [], appends: [], bytes: 0 };
    open.events.push(...events);
    open.appends.push(place);
    open.bytes += bytes;
    revisions.set(stream, actual + events.length);
    for (const { id } of events) streams.set(id, stream);
    return { step: 'send', run: open };
  });
}

/** What the ids alone say, before any revision is looked at; undefined when all of them are new. */
function alreadyThere({ stream, events }: PreparedAppend, streamOf: LogView['streamOf']): Step | undefined {
  const seen = new Set<string>();
  let first: string | undefined;
  let missing = 0;
  let elsewhere: string | undefined;
  for (const { id } of events) {
    const found = streamOf(id);
    if (found === undefined) missing++;
    else first ??= id;
    if (seen.has(id) || (found !== undefined && found !== stream)) elsewhere ??= id;
    seen.add(id);
  }
  const conflict = elsewhere ?? (missing > 0 ? first : undefined);
  if (conflict !== undefined) return { step: 'answer', outcome: { outcome: 'id-conflict', id: conflict } };
  return first === undefined ? undefined : { step: 'repeat' };
}
