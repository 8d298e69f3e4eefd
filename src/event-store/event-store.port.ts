import type { EventMetadata, StoredEvent } from '../../events/index.js';
import type { TreeHead } from './merkle-tree.js';

export { eventDigest } from './event-digest.js';
export { eventLeaf, type LeafEvent } from './event-leaf.js';
export { urlNamespace, uuidV5 } from './uuid-v5.js';
export { emptyRoot, Frontier, nodeHash, type TreeHead } from './merkle-tree.js';

/** An event as its writer hands it over; the store adds revision, position, ordinal and `recordedAt`. */
export interface NewEvent {
  /** A UUID chosen by the caller: the same id in the same stream is stored once. */
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly metadata: Omit<EventMetadata, 'recordedAt'>;
}

/** `any`, or the exact revision the stream must be at; -1 means that the stream must not exist yet. */
export type ExpectedRevision = number | 'any';

export type AppendOutcome =
  | { readonly outcome: 'stored'; readonly events: readonly StoredEvent[] }
  /** Every one of the ids stands in this stream already: nothing was stored again; these are the events as stored. */
  | { readonly outcome: 'duplicate'; readonly events: readonly StoredEvent[] }
  | { readonly outcome: 'wrong-revision'; readonly expected: number; readonly actual: number }
  /** Some id stands in the log already, but not as this append would store it (other stream, or only a part of the ids). */
  | { readonly outcome: 'id-conflict'; readonly id: string };

export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

/** An append at any revision. */
export type NewAppend = Omit<AppendRequest, 'expected'>;

export interface ReadPage {
  readonly events: readonly StoredEvent[];
  /** Pass it to the next call (of `readStream`: as a number); undefined when the end was reached. */
  readonly next: string | undefined;
}

export interface SubscriptionHandlers {
  /** Called with events in log order, one page at a time; the next page waits for the promise. */
  readonly onEvents: (events: readonly StoredEvent[]) => void | Promise<void>;
  /** Called when everything that was in the log has been handed over; again whenever the subscription caught up anew. */
  readonly onCaughtUp: () => void;
  /** The subscription has ended and will not come back by itself. */
  readonly onDropped: (error: Error) => void;
}

export interface Subscription {
  close(): Promise<void>;
}

/**
 * The Merkle tree over the leaf hashes of the log by ordinal (RFC 6962 section 2.1). Hashes are 32 bytes.
 * A size that the log has not reached is a RangeError.
 */
export interface LogTree {
  /** The head over everything that is stored. */
  head(): Promise<TreeHead>;
  /** The root over the first `size` events. */
  rootAt(size: number): Promise<Buffer>;
  /** Audit path of the event `ordinal` in the tree of `size` events, from its sibling up (RFC 6962 section 2.1.1). */
  inclusionProof(ordinal: number, size: number): Promise<Buffer[]>;
  /** That the tree of `size` events begins with the tree of `earlier` events (RFC 6962 section 2.1.2). */
  consistencyProof(earlier: number, size: number): Promise<Buffer[]>;
}

/** What the store says of itself, from memory: progress, not connection. */
export interface StoreHealth {
  /** False when the log cannot be followed, or what was read of it is not what was written: the engine is not ready. */
  readonly ok: boolean;
  /** True when appends are refused for now (disk full, no leader) while reads go on: the engine is degraded. */
  readonly readOnly: boolean;
  /** One sentence for a person: what is so, and the cure where there is one. */
  readonly detail: string;
}

/**
 * The log. Events are facts of all streams in one total order.
 * Every method rejects with a StoreError when the store cannot answer; refusals of an append are values.
 */
export interface EventStore {
  /** Identity of this log (a UUID), the same for as long as the log lives and kept by a copy of it. */
  readonly logId: string;
  /**
   * Stores all events or none; resolves only after they are durable. A repeated id is answered whatever revision is
   * expected. Data that is not JSON rejects with an error that says where.
   */
  append(request: AppendRequest): Promise<AppendOutcome>;
  /** Several appends in one durable step, answered in order; a refused one skips only itself. */
  appendMany(requests: readonly AppendRequest[]): Promise<AppendOutcome[]>;
  /**
   * Stores events that nobody has looked up, in this order and in one durable step, where all of their ids are new.
   * Where the log has one of them already, or one is named twice, nothing is stored and the answer is undefined: look
   * them up, and append what is left. (Of a store on a server: also where another connection stored one meanwhile.)
   */
  appendNew(requests: readonly NewAppend[]): Promise<StoredEvent[] | undefined>;
  /**
   * Events of one stream in order, from a revision on (default 0); backwards from that revision (default the last) down.
   * An unknown stream gives an empty page.
   */
  readStream(
    stream: string,
    options?: { fromRevision?: number; limit?: number; backwards?: boolean },
  ): Promise<ReadPage>;
  /**
   * All events after `after` (default: from the start), oldest first, at most `limit` (default 1000); backwards: those
   * before `after` (default: from the end), newest first.
   * A text that cannot be a position of this store is a RangeError, here and in `subscribe`.
   */
  readAll(options?: { after?: string; limit?: number; backwards?: boolean }): Promise<ReadPage>;
  /** The events of these ordinals, in the order of the ordinals; one that the log has not reached is left out. */
  readAt(ordinals: readonly number[]): Promise<StoredEvent[]>;
  /**
   * The ordinals of all events of these streams, ascending; a stream that nobody wrote has none. With `readAt`, many
   * streams are read in the order of the log, which takes less than to read one after another.
   */
  ordinalsOf(streams: readonly string[]): Promise<number[]>;
  /** The event with this id, or undefined. */
  findById(id: string): Promise<StoredEvent | undefined>;
  /** The last event of the log, or undefined when it is empty. */
  head(): Promise<StoredEvent | undefined>;
  /** Live events after `after` (default: from the start). */
  subscribe(after: string | undefined, handlers: SubscriptionHandlers): Subscription;
  readonly tree: LogTree;
  health(): StoreHealth;
  /**
   * Resolves when the store has stopped for good by itself: nobody knows what the disk holds after a failed sync, so the
   * engine must end (and is started again). Never rejects; stays pending while the store works and after `close`.
   */
  readonly broken: Promise<StoreError>;
  close(): Promise<void>;
}

/** Takes the events of another log as they are: ids, order, metadata and leaf hashes are kept, and so is the log's id. */
export interface LogCopy {
  /** How many events of the other log it holds already: a copy that was interrupted goes on from there. */
  readonly size: number;
  /** Stores the next events durably; their ordinals go on from `size`. Rejects with StoreError `copy-differs` otherwise. */
  add(events: readonly StoredEvent[]): Promise<void>;
  /**
   * Ends the copy: from now on an engine may open it as its log.
   * Rejects with StoreError `copy-differs` when its tree head is not `expected`; it then stays an unfinished copy.
   */
  finish(expected: TreeHead): Promise<void>;
  /** Closes it, finished or not. */
  close(): Promise<void>;
}

export const EVENT_STORE = Symbol('EVENT_STORE');

/** A broken promise of the store: what happened, to which object, and the cure where there is one. */
export class StoreError extends Error {
  constructor(
    readonly code:
      | 'store-locked'
      | 'store-path-missing'
      | 'store-corrupt'
      | 'store-full'
      | 'store-unusable'
      | 'store-closed'
      | 'store-failed'
      /** A server that does not answer, or not in time: the same again later. */
      | 'store-unavailable'
      | 'copy-differs',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreError';
  }
}
