import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredEvent } from '../../events/index.js';
import { keysOfTimes, type LogFold, prefixLengths, timeBlock } from '../../projections/index.js';
import type { EventStore, ReadPage } from '../event-store/event-store.port.js';
import type { AddressHistory } from './address-history/history-index.js';
import { isKnown, type KnownAt } from './as-of.js';
import { foldAsOf } from './fold-as-of.js';

/** What an audit needs of a log; a reader of a data directory offers no more. */
export type LogReader = Pick<EventStore, 'readAll' | 'readStream' | 'readAt' | 'ordinalsOf' | 'head' | 'logId'> & {
  /** Ordinal of the last event recorded by an instant (ms since 1970), for a log with gaps, where nothing is found by halves. */
  lastRecordedBy?(instant: number): Promise<number>;
};

/** Under which keys of the address history a search looks, given the lengths of prefixes that are in use. */
export type KeysOf = (lengths: readonly number[]) => readonly string[];

const pageSize = 1000;
const backwards = { backwards: true, limit: 100 } as const;
/** Events found one by one are read, and keys looked up, so many at a time. */
const turnSize = 128;

/**
 * The prefix of a log that an audit question is about. The end is fixed when it is opened, so that several passes
 * over a growing log see the same events. Where it has an address history, a search reads what that names and then the
 * events that it has not reached; without one it reads everything. Whoever searches looks again, so the answer is the same.
 */
export class KnownLog {
  private constructor(
    private readonly reader: LogReader,
    /** Ordinal of the last event of the prefix; -1 for an empty one. */
    readonly ordinal: number,
    private history: AddressHistory | undefined,
    private readonly onDamaged: (error: unknown) => void,
  ) {}

  /** A question asks for the few streams that it is about more than once. */
  private readonly streams = new Map<string, Promise<readonly StoredEvent[]>>();

  static async open(reader: LogReader, knownAt?: KnownAt, indexed: Indexed = {}): Promise<KnownLog> {
    const { history, onDamaged = () => {} } = indexed;
    return new KnownLog(reader, await lastKnown(reader, knownAt), history, onDamaged);
  }

  /** The prefix in log order, one page at a time. */
  pages(): AsyncGenerator<readonly StoredEvent[]> {
    return this.pagesAfter(undefined);
  }

  /**
   * All events posted under these keys, in log order, and perhaps others, one page at a time. @param inHand ordinals of events that
   * the caller has and need not be read again
   */
  async *naming(keysOf: KeysOf, inHand?: ReadonlySet<number>): AsyncGenerator<readonly StoredEvent[]> {
    const found = await this.lookUp(keysOf);
    yield* this.ledTo(found, (values) => values.filter((ordinal) => inHand?.has(ordinal) !== true));
  }

  /** All events with a `time` in (from, to], ms since 1970, in log order, and perhaps others, one page at a time. */
  async *timed(from: number, to: number): AsyncGenerator<readonly StoredEvent[]> {
    const keys = keysOfTimes(from, to);
    const blocks = keys && (await this.lookUp(() => keys));
    const eventsOf = (block: number): number[] => Array.from({ length: timeBlock }, (_, at) => block * timeBlock + at);
    yield* this.ledTo(blocks, (values) => values.flatMap(eventsOf));
  }

  /** All events after an ordinal (-1: from the first), one page at a time. */
  async *after(ordinal: number): AsyncGenerator<readonly StoredEvent[]> {
    const [last] = ordinal < 0 ? [] : await this.reader.readAt([ordinal]);
    yield* this.pagesAfter(last?.position);
  }

  /**
   * The last event that is meant, of those posted under a key. @param stream that in which all of them stand, where there is one,
   * to be read from its end where there is no index
   */
  async lastNamed(
    key: string,
    isMeant: (event: StoredEvent) => boolean,
    stream?: string,
  ): Promise<StoredEvent | undefined> {
    const reaches = this.history?.reaches ?? -1;
    for await (const event of reaches < this.ordinal ? this.newestFirst(stream) : []) {
      if (event.ordinal <= reaches) break;
      if (isMeant(event)) return event;
    }
    for (let bound = Math.min(reaches, this.ordinal); bound >= 0;) {
      const ordinal = this.believing((history) => history.lastOf(key, bound));
      if (ordinal === undefined && this.history === undefined) return this.lastNamed(key, isMeant, stream);
      const [event] = ordinal === undefined ? [] : await this.at([ordinal]);
      if (event === undefined || isMeant(event)) return event;
      bound = event.ordinal - 1;
    }
    return undefined;
  }

  /** The events that were found, and those that the index has not reached; undefined: all events. */
  private async *ledTo(
    found: Found | undefined,
    ordinalsOf: (values: readonly number[]) => readonly number[],
  ): AsyncGenerator<readonly StoredEvent[]> {
    if (found === undefined) {
      yield* this.pages();
      return;
    }
    const { values, reaches } = found;
    const ordinals = ordinalsOf(values).filter((ordinal) => ordinal <= reaches);
    yield* this.inTurns(ordinals);
    if (reaches < this.ordinal) yield* this.after(reaches);
  }

  private async *inTurns(ordinals: readonly number[]): AsyncGenerator<readonly StoredEvent[]> {
    for (let at = 0; at < ordinals.length; at += turnSize) {
      yield await this.at(ordinals.slice(at, at + turnSize));
      await nextTurn(); // A long answer must not keep the engine from its other work.
    }
  }

  /** The events of these ordinals, as far as they are in the prefix. */
  at(ordinals: readonly number[]): Promise<StoredEvent[]> {
    return this.reader.readAt(ordinals.filter((one) => one <= this.ordinal));
  }

  /** The events of one stream within the prefix, in order. */
  stream(name: string): Promise<readonly StoredEvent[]> {
    const kept = this.streams.get(name) ?? this.readStream(name);
    this.streams.set(name, kept);
    return kept;
  }

  /** All events of these streams within the prefix, in log order, one page at a time. @param inHand as of `naming` */
  async *ofStreams(names: readonly string[], inHand?: ReadonlySet<number>): AsyncGenerator<readonly StoredEvent[]> {
    const found: number[] = [];
    for (let at = 0; at < names.length; at += turnSize) {
      for (const ordinal of await this.reader.ordinalsOf(names.slice(at, at + turnSize)))
        if (inHand?.has(ordinal) !== true) found.push(ordinal);
      await nextTurn();
    }
    yield* this.inTurns(found.sort((a, b) => a - b));
  }

  /** The same of one stream, at most `limit` at a time. */
  async *pagesOfStream(name: string, limit = pageSize): AsyncGenerator<readonly StoredEvent[]> {
    let fromRevision: number | undefined = 0;
    while (fromRevision !== undefined) {
      const page = await this.reader.readStream(name, { fromRevision, limit });
      const known = page.events.filter(({ ordinal }) => ordinal <= this.ordinal);
      if (known.length > 0) yield known;
      const last = page.events.at(-1);
      const isOver = page.next === undefined || last === undefined || known.length < page.events.length;
      fromRevision = isOver ? undefined : last.revision + 1;
    }
  }

  /** The prefix, or one stream of it, from its end: for what stands near there. */
  async *newestFirst(stream?: string): AsyncGenerator<StoredEvent> {
    let from: string | undefined;
    do {
      const page: ReadPage =
        stream === undefined
          ? await this.reader.readAll({ ...(from === undefined ? {} : { after: from }), ...backwards })
          : await this.reader.readStream(stream, {
              ...(from === undefined ? {} : { fromRevision: Number(from) }),
              ...backwards,
            });
      for (const event of page.events) if (event.ordinal <= this.ordinal) yield event;
      from = page.next;
    } while (from !== undefined);
  }

  /** The map of the prefix as of a valid time (ms since 1970; undefined: all of it). */
  async fold(at?: number): Promise<LogFold> {
    return foldAsOf(this.pages(), at === undefined ? {} : { at });
  }

  private async readStream(name: string): Promise<readonly StoredEvent[]> {
    const events: StoredEvent[] = [];
    for await (const page of this.pagesOfStream(name)) events.push(...page);
    return events;
  }

  private async *pagesAfter(position: string | undefined): AsyncGenerator<readonly StoredEvent[]> {
    let after = position;
    do {
      const page = await this.reader.readAll({ ...(after === undefined ? {} : { after }), limit: pageSize });
      const known = page.events.filter(({ ordinal }) => ordinal <= this.ordinal);
      if (known.length > 0) yield known;
      if (known.length < page.events.length) return;
      after = page.next;
    } while (after !== undefined);
  }

  /** What is posted under some keys; undefined without an index that can be believed. */
  private async lookUp(keysOf: KeysOf): Promise<Found | undefined> {
    const { reaches = -1 } = this.history ?? {};
    const keys = this.believing((history) => keysOf(history.valuesOf(prefixLengths)));
    const values = new Set<number>();
    for (const [index, key] of (keys ?? []).entries()) {
      if (index % turnSize === turnSize - 1) await nextTurn();
      const found = this.believing((history) => history.valuesOf(key));
      for (const value of found ?? []) if (value <= this.ordinal) values.add(value);
    }
    return this.history === undefined ? undefined : { reaches, values: [...values].sort((a, b) => a - b) };
  }

  private believing<Seen>(look: (history: AddressHistory) => Seen): Seen | undefined {
    if (this.history === undefined) return undefined;
    try {
      return look(this.history);
    } catch (error) {
      this.history = undefined;
      this.onDamaged(error);
      return undefined;
    }
  }
}

/** What is posted, ascending, and how far the index was. */
interface Found {
  readonly values: readonly number[];
  readonly reaches: number;
}

/** The address history to search with, and who is told when it cannot be believed. */
export interface Indexed {
  readonly history?: AddressHistory | undefined;
  readonly onDamaged?: (error: unknown) => void;
}

/** `recordedAt` never decreases along a log, so that its last known event is found by halves. */
export async function lastKnown(reader: LogReader, knownAt: KnownAt | undefined): Promise<number> {
  const last = (await reader.head())?.ordinal ?? -1;
  if (knownAt === undefined) return last;
  if ('ordinal' in knownAt) return Math.min(last, knownAt.ordinal);
  if (reader.lastRecordedBy !== undefined) return reader.lastRecordedBy(knownAt.recordedAt);
  let [low, high] = [0, last + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [event] = await reader.readAt([middle]);
    if (event !== undefined && isKnown(event, knownAt)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
