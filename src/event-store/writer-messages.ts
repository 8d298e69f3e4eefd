import type { StoreError } from './event-store.port.js';

/** An append as it goes to the writer: texts are RFC 8785 forms, made where the caller can still be told. */
export interface WriteRequest {
  readonly stream: string;
  readonly expected: number | 'any';
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly data: string;
    readonly metadata: string;
  }[];
}

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

export type WriteOutcome =
  /** `metadata` is the text as stored, one per event; the sender has the rest. */
  | {
      readonly outcome: 'stored';
      readonly ordinal: number;
      readonly revision: number;
      readonly metadata: readonly string[];
    }
  | { readonly outcome: 'duplicate'; readonly rows: readonly EventRow[] }
  | { readonly outcome: 'wrong-revision'; readonly expected: number; readonly actual: number }
  | { readonly outcome: 'id-conflict'; readonly id: string };

/** What the writer's thread is started with. */
export interface WriterStart {
  readonly directory: string;
  readonly create: boolean;
}

export type WriterOrder =
  /** `at`: milliseconds since 1970, for a caller with a clock of its own. */
  | { readonly kind: 'append'; readonly requests: readonly WriteRequest[]; readonly at: number | undefined }
  | { readonly kind: 'close' };

export interface Failure {
  readonly code: StoreError['code'];
  readonly message: string;
}

/** Orders are answered one by one, in their order. */
export type WriterAnswer =
  | { readonly kind: 'ready'; readonly logId: string }
  | { readonly kind: 'appended'; readonly outcomes: readonly WriteOutcome[] }
  /** This append was rolled back; the writer goes on. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** The writer has stopped for good. */
  | { readonly kind: 'broken'; readonly failure: Failure };
