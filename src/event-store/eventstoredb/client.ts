import {
  type AllStreamRecordedEvent,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  EventStoreDBClient,
  jsonEvent,
  type RecordedEvent,
  streamNameFilter,
} from '@eventstore/db-client';
import { NoAnswer, troubleOf } from './errors.js';

// The only importer of @eventstore/db-client. Everything else in this room sees these names.

/** An event as the server keeps it. */
export interface ServerRecord {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly revision: number;
  /** Undefined where a server before 22.6 reads a stream. */
  readonly position: ServerPosition | undefined;
  /** Undefined unless it is JSON. */
  readonly data: unknown;
  readonly metadata: unknown;
}

export interface ServerPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

export interface ProposedRecord {
  readonly id: string;
  readonly type: string;
  readonly data: object;
  /** As the bytes that are to be stored. */
  readonly metadata: string;
}

export interface FeedHandlers {
  /** The server has taken the subscription. */
  readonly onConfirmed: () => void;
  readonly onRecord: (record: ServerRecord) => void;
  /** Everything up to here was looked at, also what the filter keeps back. */
  readonly onCheckpoint: (position: ServerPosition) => void;
  /** Called once: an error, or undefined for an end without one. Nothing comes afterwards. */
  readonly onEnd: (error: Error | undefined) => void;
}

/** More at once would let a broken connection reject a write that nobody awaits inside the client, and end the process. */
const mostAppendsAtOnce = 8;

/**
 * One connection, replaced when it goes silent. The client bounds neither its appends nor its reads, so each call has a
 * deadline here.
 */
export class ServerConnection {
  private current: Promise<EventStoreDBClient> | undefined;
  private left: Promise<void> = Promise.resolve();
  private closed = false;
  private appending = 0;
  private readonly queue: (() => void)[] = [];

  /** @param connectionString with user and password where there are any */
  constructor(
    private readonly connectionString: string,
    private readonly deadlineMs: number,
  ) {}

  /** Appends right after a revision (-1: to a new stream); calls reach the server in the order they are made. */
  async append(stream: string, expected: number | 'any', events: readonly ProposedRecord[]): Promise<void> {
    const expectedRevision = expected === 'any' ? 'any' : expected < 0 ? 'no_stream' : BigInt(expected);
    const proposed = events.map(({ id, type, data, metadata }) =>
      jsonEvent({ id, type, data: data as Record<string, unknown>, metadata: Uint8Array.from(Buffer.from(metadata)) }),
    );
    if (this.appending >= mostAppendsAtOnce) await new Promise<void>((go) => this.queue.push(go));
    else this.appending++;
    try {
      await this.call(`an append to ${stream}`, (client) =>
        client.appendToStream(stream, proposed, { expectedRevision, deadline: this.deadlineMs }),
      );
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.appending--;
      else next();
    }
  }

  /** Keeps only the last event of a stream readable, unless somebody has settled that already. */
  async keepLastOnly(stream: string): Promise<void> {
    try {
      await this.call(`the settings of ${stream}`, (client) =>
        client.setStreamMetadata(stream, { maxCount: 1 }, { expectedRevision: 'no_stream', deadline: this.deadlineMs }),
      );
    } catch (error) {
      if (troubleOf(error) !== 'wrong-expected-version') throw error;
    }
  }

  /** Events of a stream from a revision on; an unknown stream has none. */
  async readStream(stream: string, from: number | 'end', count: number): Promise<ServerRecord[]> {
    const start =
      from === 'end'
        ? ({ direction: 'backwards', fromRevision: 'end' } as const)
        : ({ direction: 'forwards', fromRevision: BigInt(from) } as const);
    try {
      return await this.collect(`reading ${stream}`, (client) =>
        client.readStream(stream, { ...start, maxCount: count }),
      );
    } catch (error) {
      if (troubleOf(error) === 'stream-not-found') return [];
      throw error;
    }
  }

  /** Events of all streams, everybody's, from the one at a position on. */
  readAll(from: ServerPosition | 'start', count: number): Promise<ServerRecord[]> {
    return this.collect('reading $all', (client) => client.readAll({ fromPosition: from, maxCount: count }));
  }

  /** Follows the streams whose names begin so; returns how to stop. */
  follow(prefixes: string[], after: ServerPosition | 'start', handlers: FeedHandlers): () => void {
    let stopped = false;
    let subscription: AllStreamSubscription | undefined;
    const end = (error: Error | undefined): void => {
      if (stopped) return;
      stop();
      handlers.onEnd(error);
    };
    const stop = (): void => {
      stopped = true;
      subscription?.unsubscribe().catch(() => undefined);
    };
    const begin = (client: EventStoreDBClient): void => {
      if (stopped) return;
      const filter = streamNameFilter({
        prefixes,
        checkpointInterval: 4,
        checkpointReached: (_subscription, position) => {
          if (!stopped) handlers.onCheckpoint(position);
        },
      });
      subscription = client.subscribeToAll({ fromPosition: after, filter });
      subscription.on('confirmation', handlers.onConfirmed);
      subscription.on('data', ({ event }: AllStreamResolvedEvent) => {
        if (!stopped && event !== undefined) handlers.onRecord(recordOf(event));
      });
      // Kept for good: the client may emit further errors after the first.
      subscription.on('error', end);
      subscription.on('end', () => end(undefined));
    };
    this.client().then(begin).catch(end);
    return stop;
  }

  /** Leaves this connection, whatever waits on it, for a new one. */
  async renew(): Promise<void> {
    const stale = await this.current?.catch(() => undefined);
    if (stale !== undefined) await this.leave(stale);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.renew();
    await this.left;
  }

  private client(): Promise<EventStoreDBClient> {
    // Not before the old one has let go of its appends: the client keeps all that wait in one list for all connections.
    this.current ??= this.left
      .then(() => newClient(this.connectionString))
      .catch((error: unknown) => {
        this.current = undefined;
        throw error;
      });
    return this.current;
  }

  private async leave(stale: EventStoreDBClient): Promise<void> {
    if ((await this.current?.catch(() => undefined)) !== stale) return;
    this.current = undefined;
    this.left = dispose(stale);
    await this.left;
  }

  private async collect(what: string, start: (client: EventStoreDBClient) => ReadingStream): Promise<ServerRecord[]> {
    let reading: ReadingStream | undefined;
    try {
      return await this.call(what, (client, alive) => {
        const stream = start(client);
        reading = stream;
        return new Promise((resolve, reject) => {
          const records: ServerRecord[] = [];
          stream.on('data', ({ event }) => {
            alive();
            if (event !== undefined) records.push(recordOf(event));
          });
          stream.on('error', reject);
          stream.on('end', () => resolve(records));
        });
      });
    } catch (error) {
      reading?.cancel().catch(() => undefined);
      throw error;
    }
  }

  private async call<Answer>(
    what: string,
    make: (client: EventStoreDBClient, alive: () => void) => Promise<Answer>,
  ): Promise<Answer> {
    const client = await this.client();
    if (this.closed) throw new NoAnswer(what, 0);
    let timer: NodeJS.Timeout | undefined;
    let giveUp: (error: NoAnswer) => void = () => {};
    const silence = new Promise<never>((_resolve, reject) => (giveUp = reject));
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => giveUp(new NoAnswer(what, this.deadlineMs)), this.deadlineMs);
    };
    alive();
    const answer = make(client, alive);
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, silence]);
    } catch (error) {
      if (error instanceof NoAnswer) void this.leave(client);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

type ReadingStream = {
  on(name: 'data', listener: (resolved: { event?: RecordedEvent | AllStreamRecordedEvent }) => void): unknown;
  on(name: 'error', listener: (error: Error) => void): unknown;
  on(name: 'end', listener: () => void): unknown;
  cancel(): Promise<void>;
};

function recordOf(event: RecordedEvent | AllStreamRecordedEvent): ServerRecord {
  const { id, streamId, type, revision, position, isJson, data, metadata } = event;
  const content = isJson ? { data: data as unknown, metadata: metadata as unknown } : { data: undefined, metadata };
  return { id, stream: streamId, type, revision: Number(revision), position, ...content };
}

/** What the client keeps to itself, and cannot do without help. */
interface ClientInside {
  getChannel(): Promise<{ close(): void }>;
  GRPCStreamCreator: (service: unknown, name: string, create: Creator, cache?: unknown) => () => Promise<AnswerStream>;
}
type Creator = (service: unknown) => AnswerStream | Promise<AnswerStream>;
type AnswerStream = NodeJS.EventEmitter;

function newClient(connectionString: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(connectionString);
  const inside = client as unknown as ClientInside;
  const makeStream = inside.GRPCStreamCreator;
  let made: Promise<unknown> = Promise.resolve();
  inside.GRPCStreamCreator = (service, name, create, cache) => {
    if (name !== 'appendToStream') return makeStream(service, name, create, cache);
    const make = makeStream(service, name, async (grpc) => withOwnerlessAnswers(await create(grpc)), cache);
    // One after the other: whoever opens the stream to the server would be overtaken by the next who finds it open.
    return () => {
      const stream = made.then(make);
      made = stream.catch(() => undefined);
      return stream;
    };
  };
  return client;
}

/**
 * An error of any connection rejects the waiting appends of all, and the client throws inside the socket's callback when
 * an answer then comes after all, which would end the process. The append has been rejected and is tried again.
 */
function withOwnerlessAnswers(stream: AnswerStream): AnswerStream {
  for (const listener of stream.listeners('data')) {
    stream.removeListener('data', listener as () => void);
    stream.on('data', (answer: unknown) => {
      try {
        (listener as (answer: unknown) => void)(answer);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    });
  }
  return stream;
}

/** The client's own way leaves the connection open. */
async function dispose(client: EventStoreDBClient): Promise<void> {
  await Promise.race([client.dispose(), new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
  const inside = client as unknown as ClientInside;
  // Where there is no channel yet this would make one, and looking for a cluster can take long.
  void inside.getChannel().then(
    (channel) => channel.close(),
    () => undefined,
  );
}
