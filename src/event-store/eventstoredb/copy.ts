import type { StoredEvent } from '../../../events/index.js';
import { canonicalJson } from '../canonical-json.js';
import { type LogCopy, StoreError, type TreeHead } from '../event-store.port.js';
import { Backoff } from './backoff.js';
import { actualRevision, asServerError, passes } from './errors.js';
import { LogFeed } from './feed.js';
import { finishMark, type LogMark, makeMark, readMark } from './log-mark.js';
import { type OpenedLog, openLog } from './open.js';
import type { EventStoreDbOptions } from './options.js';
import { leafOf } from './record.js';
import { Sightings, type Watch } from './sightings.js';

const mostEvents = 500;
const mostBytes = 512 * 1024;
/** After so many deadlines without success an append is given up. */
const patience = 6;

/**
 * Begins or goes on with a copy of the log `logId` in the namespace of these options. Its `size` is how many events are
 * there already. Rejects with StoreError `store-unusable` where a log stands already, and `copy-differs` where the copy
 * that was begun is one of another log.
 */
export async function openEventStoreDbCopy(options: EventStoreDbOptions, logId: string): Promise<LogCopy> {
  const log = await openLog(options, 'write', async (connection, names) =>
    begun((await readMark(connection, names)) ?? (await makeMark(connection, names, 'LogCopyStarted', logId)), logId),
  );
  const copy = new EventStoreDbCopy(log, options);
  try {
    await copy.caughtUp();
    return copy;
  } catch (error) {
    await copy.close();
    throw error;
  }
}

function begun(mark: LogMark, logId: string): LogMark {
  if (!mark.isUnfinishedCopy)
    throw new StoreError(
      'store-unusable',
      `There is a log (${mark.logId}) in that namespace already, and a copy begins with none. Choose another eventStoreNamespace.`,
    );
  if (mark.logId !== logId)
    throw new StoreError(
      'copy-differs',
      `There is an unfinished copy of log ${mark.logId} in that namespace, and this log is ${logId}. Choose another eventStoreNamespace.`,
    );
  return mark;
}

class EventStoreDbCopy implements LogCopy {
  private readonly feed: LogFeed;
  private readonly sightings = new Sightings();
  private broken: StoreError | undefined;
  private isClosed = false;

  constructor(
    private readonly log: OpenedLog,
    private readonly options: EventStoreDbOptions,
  ) {
    const { connection, feedConnection, names, index, server } = log;
    this.feed = new LogFeed({
      connection: feedConnection,
      heartbeats: connection,
      ...{ names, index, server, heartbeatMs: options.heartbeatMs },
      onEvents: (events) => this.sightings.note(events),
      onBroken: (why) => {
        index.condemn();
        this.broken = why;
      },
    });
    this.feed.start();
  }

  get size(): number {
    return this.log.index.size;
  }

  /** Resolves when `size` is what the server holds; goes on waiting as long as the index grows. */
  async caughtUp(): Promise<void> {
    for (let size = -1; !this.feed.live;) {
      if (this.broken !== undefined) throw this.broken;
      if (size === this.size)
        throw new StoreError(
          'store-unavailable',
          `${this.log.server} cannot be followed${this.feed.trouble === undefined ? '' : `: ${this.feed.trouble}`}. Try again later.`,
        );
      size = this.size;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((go) => (timer = setTimeout(go, patience * this.options.deadlineMs)));
      await Promise.race([this.feed.caughtUp, late]);
      clearTimeout(timer);
    }
  }

  async add(events: readonly StoredEvent[]): Promise<void> {
    const start = this.size;
    const wrong = events.find(({ ordinal }, place) => ordinal !== start + place);
    if (wrong !== undefined)
      throw differs(`Event ${wrong.ordinal} (${wrong.id}) comes where ${start + events.indexOf(wrong)} is due`);
    const watch = this.sightings.watch(events.map(({ id }) => id));
    try {
      // One after the other: the server's order is the log's.
      for (const run of runsOf(events)) await this.append(run, watch);
      const isThere = (): boolean => this.size >= start + events.length;
      for (let size = -1; !isThere() && size !== this.size;) {
        size = this.size;
        await watch.until(isThere, patience * this.options.deadlineMs);
      }
    } finally {
      watch.close();
    }
    this.compare(events, start);
  }

  async finish(expected: TreeHead): Promise<void> {
    const { index, connection, names } = this.log;
    if (index.size !== expected.size || !index.root.equals(expected.root))
      throw differs(
        `The copy has ${index.size} events and the tree head ${index.root.toString('hex')}, expected ${expected.size} and ${expected.root.toString('hex')}`,
      );
    await this.persist(() => finishMark(connection, names, expected), 'Finishing the copy at');
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.feed.close();
    await Promise.all([this.log.connection.close(), this.log.feedConnection.close()]);
    this.log.closeIndex();
  }

  private async append(run: readonly StoredEvent[], watch: Watch): Promise<void> {
    const { connection, names } = this.log;
    const [first] = run;
    if (first === undefined) return;
    const records = run.map(({ id, type, data, metadata }) => ({
      ...{ id, type, data: data as object },
      metadata: canonicalJson(metadata),
    }));
    const ids = run.map(({ id }) => id);
    const append = async (): Promise<void> => {
      if (watch.found(ids) !== undefined) return;
      await connection.append(names.onServer(first.stream), first.revision - 1, records);
    };
    try {
      await this.persist(append, 'Copying to');
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      const actual = actualRevision(cause ?? error);
      if (actual === undefined) throw error;
      throw differs(`${first.stream} of the copy is at revision ${actual}, expected ${first.revision - 1}`);
    }
  }

  /** What has come back must stand where it stood, with the same content. */
  private compare(events: readonly StoredEvent[], start: number): void {
    if (this.broken !== undefined) throw this.broken;
    const rows = this.log.index.range(start, events.length);
    if (rows.length < events.length)
      throw new StoreError(
        'store-unavailable',
        `${events.length - rows.length} events sent to ${this.log.server} did not come back. Call the copy again to go on with it.`,
      );
    for (const [place, row] of rows.entries()) {
      const event = events[place];
      if (event !== undefined && row.leafHash.equals(leafOf(event)) && row.revision === event.revision) continue;
      throw differs(`Event ${row.ordinal} of the copy is ${row.id} in ${row.stream}, expected ${event?.id}`);
    }
  }

  private async persist(work: () => Promise<void>, doing: string): Promise<void> {
    const { server } = this.log;
    const until = performance.now() + patience * this.options.deadlineMs;
    const backoff = new Backoff(50, 1000);
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const isOver = actualRevision(error) !== undefined || !passes(error) || performance.now() > until;
        if (isOver) throw asServerError(error, doing, server);
      }
      if (this.broken !== undefined) throw this.broken;
      await backoff.pause();
    }
  }
}

/** Events side by side of one stream, as many as one append may hold. */
function runsOf(events: readonly StoredEvent[]): StoredEvent[][] {
  const runs: StoredEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = JSON.stringify(event.data).length + JSON.stringify(event.metadata).length;
    const run = runs.at(-1);
    if (run?.[0]?.stream === event.stream && run.length < mostEvents && bytes + size <= mostBytes) {
      run.push(event);
      bytes += size;
    } else {
      runs.push([event]);
      bytes = size;
    }
  }
  return runs;
}

function differs(what: string): StoreError {
  return new StoreError(
    'copy-differs',
    `${what}. Nothing was taken back: begin the copy anew in another eventStoreNamespace.`,
  );
}
