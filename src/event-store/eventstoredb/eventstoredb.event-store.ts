import type { StoredEvent } from '../../../events/index.js';
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
import { Appender } from './appender.js';
import type { ServerConnection } from './client.js';
import { LogFeed } from './feed.js';
import type { IndexRow, LogIndex } from './log-index.js';
import { type LogMark, readMark, readOrMakeMark } from './log-mark.js';
import type { StreamNames } from './names.js';
import { type OpenedLog, openLog } from './open.js';
import type { EventStoreDbOptions } from './options.js';
import { ServerPages } from './pages.js';
import { RecentEvents } from './recent.js';
import { IndexTree } from './tree.js';
import { LiveSubscription } from '../live-subscription.js';

const defaultLimit = 1000;

/**
 * Opens the log on a server for reading and writing, and makes it where it is missing. Resolves when the server has said
 * which log it is; calls wait, for one deadline, until the index has caught up.
 * Rejects with StoreError `store-unavailable`, `store-locked`, `store-unusable`, `store-path-missing`.
 */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStore> {
  const log = await openLog(options, 'write', async (connection, names) =>
    finished(await readOrMakeMark(connection, names), names),
  );
  return new EventStoreDbEventStore(log, options, true);
}

/** Opens the log on a server for reading only: appends reject, and nothing is written, there or in the directory. */
export async function openEventStoreDbReader(options: EventStoreDbOptions): Promise<EventStore> {
  const log = await openLog(options, 'read', async (connection, names) =>
    finished((await readMark(connection, names)) ?? none(names), names),
  );
  return new EventStoreDbEventStore(log, options, false);
}

function none({ namespace }: StreamNames): never {
  throw new StoreError(
    'store-path-missing',
    `There is no log in the namespace ${namespace} of that server. Correct eventStore or eventStoreNamespace.`,
  );
}

function finished(mark: LogMark, { namespace }: StreamNames): LogMark {
  if (!mark.isUnfinishedCopy) return mark;
  throw new StoreError(
    'store-unusable',
    `The namespace ${namespace} holds a copy of log ${mark.logId} that was not finished. Call the copy again to go on with it, or choose another eventStoreNamespace.`,
  );
}

class EventStoreDbEventStore implements EventStore {
  readonly logId: string;
  readonly tree: LogTree;
  private tellBroken: (why: StoreError) => void = () => {};
  readonly broken = new Promise<StoreError>((resolve) => (this.tellBroken = resolve));
  private readonly subscriptions = new Set<LiveSubscription>();
  private readonly early = new Set<(why: StoreError) => void>();
  private readonly index: LogIndex;
  private readonly connection: ServerConnection;
  private readonly feed: LogFeed;
  private readonly pages: ServerPages;
  private readonly recent: RecentEvents;
  private readonly appender: Appender | undefined;
  /** Why nothing is answered any more. */
  private over: StoreError | undefined;
  private isClosed = false;

  constructor(
    private readonly log: OpenedLog,
    private readonly options: EventStoreDbOptions,
    writes: boolean,
  ) {
    const { connection, feedConnection, names, index, server, logId } = log;
    this.logId = logId;
    this.index = index;
    this.connection = connection;
    this.recent = new RecentEvents(options.recentEvents ?? 10_000);
    this.pages = new ServerPages(connection, names, server, this.recent);
    const ready = (): Promise<void> => this.ready();
    const { deadlineMs, heartbeatMs, now = Date.now } = options;
    if (writes)
      this.appender = new Appender({ connection, names, index, pages: this.pages, server, deadlineMs, now, ready });
    this.tree = new IndexTree(async () => {
      await ready();
      return index;
    });
    this.feed = new LogFeed({
      connection: feedConnection,
      heartbeats: writes ? connection : undefined,
      ...{ names, index, server, heartbeatMs },
      onEvents: (events) => this.applied(events),
      onBroken: (why) => {
        index.condemn();
        this.end(why);
      },
    });
    this.feed.start();
  }

  async append(request: AppendRequest): Promise<AppendOutcome> {
    const [outcome] = await this.appendMany([request]);
    if (outcome === undefined) throw new Error('An append was given no outcome');
    return outcome;
  }

  async appendMany(requests: readonly AppendRequest[]): Promise<AppendOutcome[]> {
    this.assertOpen();
    if (this.appender === undefined)
      throw new StoreError(
        'store-unusable',
        `The log at ${this.log.server} is open for reading only: append through the engine.`,
      );
    return this.appender.append(requests);
  }

  async appendNew(requests: readonly NewAppend[]): Promise<StoredEvent[] | undefined> {
    await this.ready();
    const ids = requests.flatMap(({ events }) => events.map(({ id }) => id));
    if (new Set(ids).size < ids.length || ids.some((id) => this.index.byId(id) !== undefined)) return undefined;
    const outcomes = await this.appendMany(requests.map((request) => ({ ...request, expected: 'any' })));
    const stored = outcomes.flatMap((one) => (one.outcome === 'stored' ? one.events : []));
    return stored.length === ids.length ? stored : undefined;
  }

  async readStream(
    stream: string,
    { fromRevision, limit = defaultLimit, backwards = false }: Parameters<EventStore['readStream']>[1] = {},
  ): Promise<ReadPage> {
    checkLimit(limit);
    await this.ready();
    if (backwards) {
      const rows = this.index.streamBackwards(stream, fromRevision ?? Number.MAX_SAFE_INTEGER, limit);
      const last = rows.at(-1);
      const events = await this.pages.ofStream(rows.reverse());
      return { events: events.reverse(), next: last && last.revision > 0 ? String(last.revision - 1) : undefined };
    }
    const rows = this.index.stream(stream, fromRevision ?? 0, limit + 1);
    const next = rows.length > limit ? String(rows.pop()?.revision) : undefined;
    return { events: await this.pages.ofStream(rows), next };
  }

  async readAll({
    after,
    limit = defaultLimit,
    backwards = false,
  }: Parameters<EventStore['readAll']>[0] = {}): Promise<ReadPage> {
    checkLimit(limit);
    const commit = commitOf(after);
    await this.ready();
    if (backwards) {
      const before = commit === undefined ? this.index.size : this.index.ordinalFrom(commit);
      const rows = this.index.rangeBackwards(before, limit);
      const last = rows.at(-1);
      const events = await this.pages.ofLog(rows.reverse());
      return { events: events.reverse(), next: last && last.ordinal > 0 ? String(last.commit) : undefined };
    }
    const rows = this.index.range(commit === undefined ? 0 : this.index.ordinalAfter(commit), limit + 1);
    const isMore = rows.length > limit;
    const events = await this.pages.ofLog(isMore ? rows.slice(0, -1) : rows);
    return { events, next: isMore ? events.at(-1)?.position : undefined };
  }

  async readAt(ordinals: readonly number[]): Promise<StoredEvent[]> {
    await this.ready();
    const wanted = [...new Set(ordinals)].sort((a, b) => a - b);
    return this.pages.ofAny(wanted.flatMap((one) => this.index.range(one, 1).filter(({ ordinal }) => ordinal === one)));
  }

  async ordinalsOf(streams: readonly string[]): Promise<number[]> {
    await this.ready();
    return this.index.ordinalsOf(streams);
  }

  async findById(id: string): Promise<StoredEvent | undefined> {
    await this.ready();
    return this.one(this.index.byId(id));
  }

  async head(): Promise<StoredEvent | undefined> {
    await this.ready();
    return this.one(this.index.head);
  }

  subscribe(after: string | undefined, handlers: SubscriptionHandlers): Subscription {
    const commit = commitOf(after);
    this.assertOpen();
    if (this.feed.live) return this.begin(commit, handlers);
    // Where a position is among the ordinals is known when the index has caught up.
    let begun: Subscription | undefined;
    const drop = (why: StoreError): void => queueMicrotask(() => handlers.onDropped(why));
    this.early.add(drop);
    void this.feed.caughtUp.then(() => {
      if (this.early.delete(drop)) begun = this.begin(commit, handlers);
    });
    return {
      close: async () => {
        this.early.delete(drop);
        await begun?.close();
      },
    };
  }

  health(): StoreHealth {
    const { server } = this.log;
    if (this.over !== undefined) return { ok: false, readOnly: true, detail: this.over.message };
    const { silentForMs, trouble, live } = this.feed;
    const age = `${(silentForMs / 1000).toFixed(1)} s`;
    const cause = trouble === undefined ? '' : ` (${trouble})`;
    const readOnly = this.appender === undefined || this.appender.isFailing;
    if (silentForMs > 2 * this.options.heartbeatMs)
      return { ok: false, readOnly: true, detail: `The log at ${server} made no progress for ${age}${cause}.` };
    if (!live)
      return {
        ok: false,
        readOnly: true,
        detail: `The log at ${server} is being indexed: ${this.index.size} events so far${cause}.`,
      };
    return {
      ok: true,
      readOnly,
      detail: `The log at ${server} is followed at event ${this.index.size}; last progress ${age} ago.`,
    };
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.end(new StoreError('store-closed', `The log at ${this.log.server} was closed: open it again to use it.`));
    this.appender?.close();
    await this.feed.close();
    await Promise.all([this.connection.close(), this.log.feedConnection.close()]);
    this.log.closeIndex();
  }

  private end(why: StoreError): void {
    if (this.over !== undefined) return;
    this.over = why;
    if (why.code !== 'store-closed') this.tellBroken(why);
    for (const subscription of [...this.subscriptions]) subscription.drop(why);
    for (const drop of this.early) drop(why);
    this.early.clear();
  }

  private applied(events: readonly StoredEvent[]): void {
    if (this.over !== undefined) return;
    this.recent.add(events);
    this.appender?.note(events);
    for (const subscription of this.subscriptions) subscription.committed(events);
  }

  private begin(commit: number | undefined, handlers: SubscriptionHandlers): Subscription {
    const first = commit === undefined ? 0 : this.index.ordinalAfter(commit);
    const subscription = new LiveSubscription(
      first,
      (from, limit) => this.pages.ofLog(this.index.range(from, limit)),
      handlers,
      (ended) => this.subscriptions.delete(ended),
    );
    this.subscriptions.add(subscription);
    setImmediate(() => subscription.wake());
    return subscription;
  }

  private async one(row: IndexRow | undefined): Promise<StoredEvent | undefined> {
    const [event] = row === undefined ? [] : await this.pages.ofStream([row]);
    return event;
  }

  private assertOpen(): void {
    if (this.over !== undefined) throw this.over;
  }

  /** Resolves when the index has caught up with what the server held at the start. */
  private async ready(): Promise<void> {
    this.assertOpen();
    if (this.feed.live) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((go) => (timer = setTimeout(go, this.options.deadlineMs)));
    await Promise.race([this.feed.caughtUp, late]);
    clearTimeout(timer);
    this.assertOpen();
    if (this.feed.live) return;
    const { trouble } = this.feed;
    throw new StoreError(
      'store-unavailable',
      `The log at ${this.log.server} is still being indexed, ${this.index.size} events so far${trouble === undefined ? '' : `; ${trouble}`}. Try again later.`,
    );
  }
}

function checkLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError(`A page of ${limit} events: expected at least 1`);
}

function commitOf(position: string | undefined): number | undefined {
  if (position === undefined) return undefined;
  const commit = /^(0|[1-9]\d{0,15})$/.test(position) ? Number(position) : NaN;
  if (!Number.isSafeInteger(commit))
    throw new RangeError(
      `"${position}" is no position of an EventStoreDB store: pass one that an event or a page gave`,
    );
  return commit;
}
