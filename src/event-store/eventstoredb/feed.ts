import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '../../../events/index.js';
import { StoreError } from '../event-store.port.js';
import { Backoff, pause } from './backoff.js';
import type { ServerConnection, ServerPosition, ServerRecord } from './client.js';
import { asServerError } from './errors.js';
import { type LogIndex, positionOf } from './log-index.js';
import type { StreamNames } from './names.js';
import { sqliteCode } from '../sqlite.js';

export interface FeedParts {
  /** Carries the subscription and nothing else, so that it can be given up at any time. */
  readonly connection: ServerConnection;
  /** Carries the heartbeats, if this process writes any. */
  readonly heartbeats: ServerConnection | undefined;
  readonly names: StreamNames;
  readonly index: LogIndex;
  readonly heartbeatMs: number;
  /** Who the server is, in messages. */
  readonly server: string;
  /** New events of the log, in order. */
  readonly onEvents: (events: readonly StoredEvent[]) => void;
  /** What is in the index is not what is on the server, or the index cannot be used any more. */
  readonly onBroken: (why: StoreError) => void;
}

/** A gap that is there again this often at the same place is no accident of a connection. */
const mostGaps = 3;
const pageSize = 500;
/** Events that the index takes in one transaction, at most about. */
const mostTogether = 500;

/**
 * Follows the log on the server and feeds the index with it. A subscription that ends, fails or goes silent is replaced
 * by one from the last position on, with growing pauses. What shows that it lives is progress: events, checkpoints, and
 * at least the heartbeat that this process stores itself.
 */
export class LogFeed {
  private readonly closing = new AbortController();
  private readonly backoff = new Backoff();
  private readonly running: Promise<void>[] = [];
  private waiting: ServerRecord[] = [];
  private followed: ServerPosition | undefined;
  private progressAt = performance.now();
  private subscribedAt = performance.now();
  private watchdog: NodeJS.Timeout | undefined;
  private readonly beats = new Set<string>();
  private gaps = 0;
  private why: Error | undefined;
  private endCurrent: (error: Error | undefined) => void = () => {};
  private tellCaughtUp: () => void = () => {};
  private isCaughtUp = false;
  /** Resolves when everything that was on the server at the start is in the index. */
  readonly caughtUp = new Promise<void>((resolve) => {
    this.tellCaughtUp = () => {
      this.isCaughtUp = true;
      resolve();
    };
  });

  constructor(private readonly parts: FeedParts) {}

  start(): void {
    this.watchdog = setInterval(() => this.giveUpOnSilence(), this.parts.heartbeatMs / 4);
    this.running.push(this.follow(), this.parts.heartbeats === undefined ? this.probe() : this.beat());
  }

  get live(): boolean {
    return this.isCaughtUp;
  }

  /** Milliseconds since anything was heard through the subscription. */
  get silentForMs(): number {
    return performance.now() - this.progressAt;
  }

  /** Why the last subscription ended; undefined while the present one works. */
  get trouble(): string | undefined {
    return this.why?.message;
  }

  async close(): Promise<void> {
    this.closing.abort();
    clearInterval(this.watchdog);
    this.endCurrent(undefined);
    await Promise.all(this.running);
  }

  private get closed(): boolean {
    return this.closing.signal.aborted;
  }

  private async follow(): Promise<void> {
    while (!this.closed) {
      try {
        await this.assertSameHistory();
        if (!this.closed) await this.subscription();
        this.why ??= new Error('the server ended the subscription');
      } catch (error) {
        this.why = error instanceof Error ? error : new Error(String(error));
      }
      if (this.closed) return;
      const broken = this.verdict(this.why);
      if (broken !== undefined) return this.parts.onBroken(broken);
      await this.backoff.pause(this.closing.signal);
      await this.parts.connection.renew();
    }
  }

  /** Why there is no point in going on; undefined for what may pass. */
  private verdict(why: Error): StoreError | undefined {
    if (why.name === 'FeedGap' && ++this.gaps >= mostGaps)
      return new StoreError(
        'store-failed',
        `${why.message}, at ${this.parts.server}, ${mostGaps} times over. Start the engine again: it then reads the log anew.`,
      );
    if (why instanceof StoreError && why.code !== 'store-unavailable') return why;
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(why) ?? ''))
      return new StoreError(
        'store-failed',
        `The index is damaged: ${why.message}. Start the engine again: it then makes a new one.`,
      );
    return undefined;
  }

  /**
   * The last event that is known must be where it was; another there, or none, means another history. Also shows, within
   * the deadline of a call, that the server answers at all.
   */
  private async assertSameHistory(): Promise<void> {
    const { connection, names, index } = this.parts;
    const { head } = index;
    if (head === undefined) return void (await connection.readAll('start', 1));
    if (await isOnServer(connection, names, head)) return;
    throw new StoreError(
      'store-failed',
      `Event ${head.ordinal} (${head.id}) is not at position ${head.commit} of ${this.parts.server} any more: the server has another history now. Start the engine again: it then reads the log anew.`,
    );
  }

  /** One subscription from its start to its end. */
  private subscription(): Promise<void> {
    const { connection, names, index } = this.parts;
    const head = index.head && positionOf(index.head);
    const after = later(head, this.followed);
    this.waiting = [];
    this.subscribedAt = performance.now();
    return new Promise((resolve, reject) => {
      const unconfirmed = setTimeout(
        () => end(new Error('the server did not confirm the subscription')),
        this.parts.heartbeatMs,
      );
      let over = false;
      let flushing = false;
      const end = (error: Error | undefined): void => {
        if (over) return;
        over = true;
        clearTimeout(unconfirmed);
        stop();
        this.endCurrent = () => {};
        if (error === undefined) resolve();
        else reject(error);
      };
      let [turns, before] = [0, 0];
      const flush = (): void => {
        if (over) return;
        // While more comes with every turn of the event loop, it goes into the same transaction.
        const isMoreComing = this.waiting.length > before && this.waiting.length < mostTogether && ++turns < 100;
        if (isMoreComing) {
          before = this.waiting.length;
          return void setImmediate(flush);
        }
        [flushing, turns, before] = [false, 0, 0];
        try {
          this.flush();
        } catch (error) {
          end(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const stop = connection.follow(names.filterPrefixes, after ?? 'start', {
        onConfirmed: () => clearTimeout(unconfirmed),
        onRecord: (record) => {
          this.waiting.push(record);
          if (!flushing) setImmediate(flush);
          flushing = true;
        },
        onCheckpoint: (position) => {
          if (this.waiting.length === 0) this.followed = later(this.followed, position);
          this.progress();
        },
        onEnd: end,
      });
      this.endCurrent = end;
    });
  }

  private flush(): void {
    const records = this.waiting;
    this.waiting = [];
    if (records.length === 0) return;
    const events = this.parts.index.apply(records);
    this.followed = later(this.followed, records.at(-1)?.position);
    this.progress();
    if (events.length > 0) {
      this.gaps = 0;
      this.parts.onEvents(events);
    }
    for (const { id } of records) if (this.beats.delete(id) && !this.isCaughtUp) this.tellCaughtUp();
  }

  private progress(): void {
    this.progressAt = performance.now();
    this.backoff.reset();
    this.why = undefined;
  }

  /** Stores a heartbeat a period. */
  private async beat(): Promise<void> {
    const { heartbeats, names, heartbeatMs, server } = this.parts;
    const retry = new Backoff(50, heartbeatMs);
    let isFirst = true;
    while (!this.closed) {
      const id = randomUUID();
      // Of the beats whose answer was lost only the last few can still come.
      if (this.beats.size > 10) this.beats.clear();
      this.beats.add(id);
      try {
        await heartbeats?.append(names.heartbeat, 'any', [{ id, type: 'Heartbeat', data: {}, metadata: '{}' }]);
        // A server that refuses this keeps old heartbeats, and nothing else is lost.
        if (isFirst) void heartbeats?.keepLastOnly(names.heartbeat).catch(() => undefined);
        isFirst = false;
        retry.reset();
        await pause(heartbeatMs, this.closing.signal);
      } catch (error) {
        this.why ??= asServerError(error, 'A heartbeat to', server);
        await retry.pause(this.closing.signal);
      }
    }
  }

  /** Where nothing may be written, looks whether the server has anything that the subscription did not bring. */
  private async probe(): Promise<void> {
    const retry = new Backoff(50, this.parts.heartbeatMs);
    while (!this.closed) {
      try {
        if (await this.hasEverything()) {
          this.progress();
          if (!this.isCaughtUp) this.tellCaughtUp();
        }
        if (this.isCaughtUp) await pause(this.parts.heartbeatMs, this.closing.signal);
        else await retry.pause(this.closing.signal);
      } catch (error) {
        this.why ??= asServerError(error, 'Reading from', this.parts.server);
        await retry.pause(this.closing.signal);
      }
    }
  }

  private async hasEverything(): Promise<boolean> {
    const { connection, names, index } = this.parts;
    const from = later(index.head && positionOf(index.head), this.followed);
    const records = await connection.readAll(from ?? 'start', pageSize);
    const after = later(index.head && positionOf(index.head), this.followed);
    const isNew = ({ stream, position }: ServerRecord): boolean =>
      names.ofLog(stream) !== undefined && (position?.commit ?? -1n) > (after?.commit ?? -1n);
    return records.length < pageSize && !records.some(isNew);
  }

  private giveUpOnSilence(): void {
    const silentMs = performance.now() - Math.max(this.progressAt, this.subscribedAt);
    if (silentMs > 2 * this.parts.heartbeatMs)
      this.endCurrent(new Error(`nothing was heard for ${Math.round(silentMs)} ms`));
  }
}

/** Whether the event that the index has there stands at that position of the server. */
export async function isOnServer(
  connection: ServerConnection,
  names: StreamNames,
  row: Parameters<typeof positionOf>[0] & { readonly id: string; readonly stream: string },
): Promise<boolean> {
  const [there] = await connection.readAll(positionOf(row), 1);
  return (
    there?.id === row.id && there.stream === names.onServer(row.stream) && Number(there.position?.commit) === row.commit
  );
}

function later(a: ServerPosition | undefined, b: ServerPosition | undefined): ServerPosition | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.commit > a.commit ? b : a;
}
