import type { StoreError } from '../event-store.port.js';

/** One event as a row of the log, columns in the order of the table. */
export type EventRow = [
  ordinal: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
];

/**
 * An append as it goes to the writer: texts are RFC 8785 forms, made where the caller can still be told. `metadata` has
 * `recordedAt` as a place holder of the right length; `stampAt` is where its 24 characters begin.
 */
export interface WriteRequest {
  readonly stream: string;
  readonly expected: number | 'any';
  readonly events: readonly WriteEvent[];
}

export interface WriteEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly stampAt: number;
}

export type WriteOutcome =
  /** `at`: the `recordedAt` of these events, milliseconds since 1970; the sender has the rest. */
  | { readonly outcome: 'stored'; readonly ordinal: number; readonly revision: number; readonly at: number }
  | { readonly outcome: 'duplicate'; readonly rows: readonly EventRow[] }
  | { readonly outcome: 'wrong-revision'; readonly expected: number; readonly actual: number }
  | { readonly outcome: 'id-conflict'; readonly id: string }
  /** Of each append of a call that stores new ids only: some id of the call is not new, nothing of it was stored. */
  | { readonly outcome: 'not-new' };

/** One call of the store: appends that are stored in one durable step. */
export interface WriteCall {
  readonly requests: readonly WriteRequest[];
  /** Milliseconds since 1970 by the engine's clock; undefined for the system's. */
  readonly at: number | undefined;
  /** All of them or, where some id is not new, none. */
  readonly onlyNew: boolean;
}

/** Texts and numbers one after another: the form that crosses to another thread in the least time. */
export type Flat = (string | number)[];

/** What the writer's thread is started with. */
export interface WriterStart {
  readonly directory: string;
  readonly create: boolean;
}

export type WriterOrder =
  /** Several calls, each of several appends; the answers come in their order. */
  Flat | 'close';

export interface Failure {
  readonly code: StoreError['code'];
  readonly message: string;
}

export type WriterAnswer =
  | { readonly kind: 'ready'; readonly logId: string; readonly remark: string | undefined }
  /** The outcomes of a group, in the order of its appends; all of it is durable. */
  | Flat
  /** Nothing of a group of that many calls was stored; the writer goes on. */
  | { readonly kind: 'refused'; readonly calls: number; readonly failure: Failure }
  /** There is room again, or the head file could be written again. */
  | { readonly kind: 'writable' }
  /** The writer has stopped for good. */
  | { readonly kind: 'broken'; readonly failure: Failure };
