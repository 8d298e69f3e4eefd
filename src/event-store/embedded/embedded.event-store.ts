import type { StoredEvent } from '../../../events/index.js';
import { answerTo, type AppendDraft, draftOf } from './append-draft.js';
import {
  type AppendOutcome,
  type AppendRequest,
  type EventStore,
  type LogTree,
  type NewAppend,
  type ReadPage,
  StoreError,
  type StoreHealth,
  type Subscription,
  type SubscriptionHandlers,
} from '../event-store.port.js';
import { LiveSubscription } from '../live-subscription.js';
import { EmbeddedTree } from './tree.js';
import { LogReader } from './log-reader.js';
import { ReaderThread } from './reader-thread.js';
import { type ScrubOptions, ScrubThread } from './scrub-thread.js';
import { asStoreError } from '../store-error.js';
import { ordinalOf } from './stored-row.js';
import type { WriteOutcome } from './writer-messages.js';
import { WriterThread } from './writer-thread.js';

const defaultLimit = 1000;
const pollMs = 500;
/** Pages at least this large, with at least so much of the log after their start, are read in a thread of their own. */
const leastFarPage = 100;
const far = 5000;

export interface EmbeddedStoreOptions {
  /** Holds the log; one engine at a time may have it open. */
  readonly directory: string;
  /** Make the directory (its parent must exist) and the log where they are missing; default false. */
  readonly create?: boolean;
  /** The engine's clock, milliseconds since 1970; default the system's, read when an append is stored. */
  readonly now?: () => number;
  /** How the log is verified in the background; false: not at all. */
  readonly scrub?: ScrubOptions | false;
}

/**
 * Opens the log in a directory for reading and writing.
 * Rejects with StoreError `store-path-missing`, `store-locked`, `store-corrupt` or `store-unusable`.
 */
export async function openEmbeddedStore({
  directory,
  create = false,
  now,
  scrub = {},
}: EmbeddedStoreOptions): Promise<EventStore> {
  let store: EmbeddedEventStore | undefined;
  const writer = await WriterThread.start(
    { directory, create },
    { onBroken: (error) => store?.end(error), onGroup: () => store?.announce() },
  );
  try {
    const reader = LogReader.open(directory);
    store = new EmbeddedEventStore(directory, reader, {
      thread: writer,
      now,
      scrub: scrub === false ? undefined : new ScrubThread(directory, scrub),
    });
    return store;
  } catch (error) {
    await writer.close();
    throw error;
  }
}

/**
 * Opens the log in a directory, or a copy of one, for reading only; an engine may run on it meanwhile.
 * Appends reject; subscriptions look for new events twice a second.
 */
export function openEmbeddedReader(directory: string): Promise<EventStore> {
  return new Promise((resolve) => resolve(new EmbeddedEventStore(directory, LogReader.open(directory), undefined)));
}

interface Writing {
  readonly thread: WriterThread;
  readonly now: (() => number) | undefined;
  readonly scrub: ScrubThread | undefined;
}

class EmbeddedEventStore implements EventStore {
  readonly logId: string;
  readonly tree: LogTree;
  private readonly readerThread: ReaderThread;
  private tellBroken: (why: StoreError) => void = () => {};
  readonly broken = new Promise<StoreError>((resolve) => (this.tellBroken = resolve));
  private readonly subscriptions = new Set<LiveSubscription>();
  private poll: NodeJS.Timeout | undefined;
  /** What the group that is being answered has stored, in log order. */
  private committed: StoredEvent[] = [];
  /** Resolves when the threads that read have let go of the files. */
  private readersGone: Promise<unknown> = Promise.resolve();
  /** Why nothing is answered any more. */
  private over: StoreError | undefined;

  constructor(
    directory: string,
    private readonly reader: LogReader,
    private readonly writing: Writing | undefined,
  ) {
    this.readerThread = new ReaderThread(directory);
    this.logId = reader.identity.logId;
    this.tree = new EmbeddedTree((reading) => this.read(() => reading(this.reader)));
  }

  async append(request: AppendRequest): Promise<AppendOutcome> {
    const [outcome] = await this.appendMany([request]);
    if (outcome === undefined) throw new Error('The writer answered no outcome for an append');
    return outcome;
  }

  async appendMany(requests: readonly AppendRequest[]): Promise<AppendOutcome[]> {
    if (this.nothingTo(requests)) return [];
    const drafts = requests.map(draftOf);
    return this.write(drafts, false, (outcomes) => this.answered(drafts, outcomes));
  }

  async appendNew(requests: readonly NewAppend[]): Promise<StoredEvent[] | undefined> {
    if (this.nothingTo(requests)) return [];
    const drafts = requests.map(({ stream, events }) => draftOf({ stream, expected: 'any', events }));
    return this.write(drafts, true, (outcomes) => {
      if (outcomes.some(({ outcome }) => outcome === 'not-new')) return undefined;
      const events: StoredEvent[] = [];
      for (const answer of this.answered(drafts, outcomes))
        if (answer.outcome === 'stored') for (const event of answer.events) events.push(event);
      return events;
    });
  }

  private nothingTo(requests: readonly unknown[]): boolean {
    if (this.over !== undefined) throw this.over;
    return requests.length === 0 && this.writing !== undefined;
  }

  private write<Answer>(
    drafts: readonly AppendDraft[],
    onlyNew: boolean,
    answer: (outcomes: readonly WriteOutcome[]) => Answer,
  ): Promise<Answer> {
    if (this.writing === undefined)
      throw new StoreError(
        'store-unusable',
        `${this.reader.path} is open for reading only: append through the engine.`,
      );
    const { thread, now } = this.writing;
    return thread.append({ requests: drafts.map(({ request }) => request), at: now?.(), onlyNew }, answer);
  }

  readStream(
    stream: string,
    { fromRevision, limit = defaultLimit, backwards = false }: Parameters<EventStore['readStream']>[1] = {},
  ): Promise<ReadPage> {
    return this.read(() =>
      backwards
        ? this.reader.pageOfStreamBackwards(stream, fromRevision ?? Number.MAX_SAFE_INTEGER, checkedLimit(limit))
        : this.reader.pageOfStream(stream, fromRevision ?? 0, checkedLimit(limit)),
    );
  }

  readAll({
    after,
    limit = defaultLimit,
    backwards = false,
  }: Parameters<EventStore['readAll']>[0] = {}): Promise<ReadPage> {
    return this.read(() =>
      backwards
        ? this.reader.pageOfAllBackwards(after, checkedLimit(limit))
        : this.pageOfAll(ordinalOf(after) + 1, checkedLimit(limit)),
    );
  }

  readAt(ordinals: readonly number[]): Promise<StoredEvent[]> {
    return this.read(() => this.reader.at(ordinals));
  }

  ordinalsOf(streams: readonly string[]): Promise<number[]> {
    return this.read(() => this.reader.ordinalsOf(streams));
  }

  findById(id: string): Promise<StoredEvent | undefined> {
    return this.read(() => this.reader.byId(id));
  }

  head(): Promise<StoredEvent | undefined> {
    return this.read(() => this.reader.head());
  }

  subscribe(after: string | undefined, handlers: SubscriptionHandlers): Subscription {
    const first = ordinalOf(after) + 1;
    const subscription = new LiveSubscription(
      first,
      (from, limit) => this.reading(() => this.page(from, limit)),
      handlers,
      (ended) => this.forget(ended),
    );
    this.subscriptions.add(subscription);
    if (this.writing === undefined) this.poll ??= setInterval(() => this.wakeAll(), pollMs);
    setImmediate(() => subscription.wake());
    return subscription;
  }

  health(): StoreHealth {
    const { path } = this.reader;
    if (this.over !== undefined) return { ok: false, readOnly: true, detail: this.over.message };
    if (this.writing === undefined)
      return { ok: true, readOnly: true, detail: `The log at ${path} is open for reading only.` };
    const { thread, scrub } = this.writing;
    const readOnly = thread.refusing !== undefined;
    if (scrub?.trouble !== undefined) return { ok: false, readOnly, detail: scrub.trouble };
    const writes = thread.refusing ?? `The log at ${path} is written and read.`;
    const detail = [writes, thread.remark, scrub?.progress].filter((part) => part !== undefined).join(' ');
    return { ok: true, readOnly, detail };
  }

  async close(): Promise<void> {
    this.end(new StoreError('store-closed', `The log at ${this.reader.path} was closed: open it again to use it.`));
    // The writer last: whoever closes last brings the write-ahead log into the main file.
    await this.readersGone;
    await this.writing?.thread.close();
  }

  /** Answers nothing from here on: the store was closed, or its writer broke. */
  end(why: StoreError): void {
    if (this.over !== undefined) return;
    this.over = why;
    if (why.code !== 'store-closed') this.tellBroken(why);
    for (const subscription of [...this.subscriptions]) subscription.drop(why);
    this.reader.close();
    this.readersGone = Promise.all([this.readerThread.close(), this.writing?.scrub?.close()]);
  }

  private async pageOfAll(first: number, limit: number): Promise<ReadPage> {
    const events = await this.reading(() => this.page(first, limit));
    const last = events.at(-1);
    const more =
      last !== undefined && events.length === limit && this.reading(() => this.reader.size()) > last.ordinal + 1;
    return { events, next: more ? last.position : undefined };
  }

  /** At most `limit` events from an ordinal on; from afar in a thread beside this one, which hands over the same. */
  private page(first: number, limit: number): StoredEvent[] | Promise<StoredEvent[]> {
    const isFar = limit >= leastFarPage && this.reader.size() - first >= far;
    return isFar ? this.readerThread.page(first, limit) : this.reader.from(first, limit);
  }

  /** Hands what a group of appends has stored to the subscriptions. */
  announce(): void {
    const events = this.committed;
    if (events.length === 0) return;
    this.committed = [];
    for (const subscription of this.subscriptions) subscription.committed(events);
  }

  private answered(drafts: readonly AppendDraft[], outcomes: readonly WriteOutcome[]): AppendOutcome[] {
    return drafts.map((draft, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error('The writer answered less than it was asked');
      const answer = answerTo(draft, outcome);
      if (answer.outcome === 'stored') for (const event of answer.events) this.committed.push(event);
      return answer;
    });
  }

  private read<Answer>(reading: () => Answer | Promise<Answer>): Promise<Answer> {
    return new Promise<Answer>((resolve) => resolve(this.reading(reading)));
  }

  private reading<Answer>(reading: () => Answer): Answer {
    if (this.over !== undefined) throw this.over;
    try {
      return reading();
    } catch (error) {
      if (error instanceof RangeError) throw error;
      throw asStoreError(error, 'Reading', this.reader.path);
    }
  }

  private wakeAll(): void {
    for (const subscription of this.subscriptions) subscription.wake();
  }

  private forget(subscription: LiveSubscription): void {
    this.subscriptions.delete(subscription);
    if (this.subscriptions.size > 0) return;
    clearInterval(this.poll);
    this.poll = undefined;
  }
}

function checkedLimit(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError(`A page of ${limit} events: expected at least 1`);
  return limit;
}
