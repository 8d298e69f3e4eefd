import type { ToldReject } from '../import/import-report.js';
import type { RowFormat } from '../import/open-rows.js';
import type { ServerRecord } from '../import/server-record.js';
import type { FileFacts, TruthProblem } from './truth-file.js';

/** What the thread that reads a file is given. */
export interface TruthOrder {
  readonly file: string;
  readonly format: RowFormat;
  readonly maxBytes: number;
  /** ms since 1970. */
  readonly now: number;
}

/** What is known of a file once all of it was read. */
export interface TruthEnd {
  readonly file: FileFacts & { readonly sha256: string };
  readonly rows: number;
  /** Rows that cannot be read; the servers they name, and the first reasons. */
  readonly rejected: number;
  readonly passedOver: readonly string[];
  readonly rejects: readonly ToldReject[];
  /** Names that mean no column. */
  readonly unread: readonly string[];
}

/** A message of that thread. It goes on with the next servers when it is answered. */
export type TruthTold =
  | { readonly records: readonly ServerRecord[] }
  | { readonly end: TruthEnd }
  | { readonly problem: TruthProblem; readonly detail: string; readonly file?: FileFacts };
