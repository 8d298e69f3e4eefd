import type { Column } from './columns.js';

/** One server as a file tells it, nothing of it looked at yet. */
export interface Row {
  /** Counted from 1, in the order of the file. */
  readonly number: number;
  /** Where it stands, as messages name it: `line 4`, `dcim.device 106`. */
  readonly place: string;
  /** What each column of the file says; a column that the file does not have is absent. */
  readonly fields: ReadonlyMap<Column, unknown>;
  /** The row as the file has it, for whoever mends it: cells, a JSON object, or text that is neither. */
  readonly original: readonly string[] | Readonly<Record<string, unknown>> | string;
  /** Why its fields could not be told. */
  readonly problem?: string;
  /** Bytes of the file up to its end. */
  readonly bytesRead: number;
}

/** A file of rows. */
export interface RowFile {
  /** Names of the header, or none where rows carry their own. */
  readonly header: readonly string[];
  /** Names that mean no column; complete once every row was read. */
  readonly unread: ReadonlySet<string>;
  readonly rows: AsyncIterable<Row>;
  /** Of an inventory: how many objects of each model became what, or were left out for which reason; none is left uncounted. */
  readonly fates?: Fates;
}

export type Fates = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Why a row is not imported: which column, and what is wrong with it. */
export interface Reject {
  readonly row: Row;
  /** Undefined where it is the row as a whole. */
  readonly column: Column | undefined;
  readonly reason: string;
}

/** True for what stands for nothing said. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
