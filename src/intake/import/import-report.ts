import type { ImportedType } from './billing-fact.js';
import type { Column } from './columns.js';
import type { Fates, Reject } from './row.js';
import type { FileConflict } from './would-be-map.js';

/** How many rejects and conflicts are told one by one; all are counted. */
export const mostTold = 20;

/** A reject as it is told. */
export interface ToldReject {
  readonly place: string;
  readonly column: Column | undefined;
  readonly reason: string;
}

/** What an import would publish, or did. */
export interface ImportReport {
  readonly file: string;
  readonly dryRun: boolean;
  readonly rows: number;
  /** Servers whose row can be used. */
  readonly servers: number;
  readonly events: Readonly<Partial<Record<ImportedType, number>>>;
  /** Rows, those that the engine refused included. */
  readonly rejected: number;
  /** The first of them, each thing that is wrong. */
  readonly rejects: readonly ToldReject[];
  /** Claims that rows of the file contest among themselves; told of a dry run. */
  readonly conflicts: readonly FileConflict[];
  readonly conflictsInAll: number;
  /** Names of the file that mean no column. */
  readonly unread: readonly string[];
  /** Of an inventory: what became of every object of it. */
  readonly fates?: Fates;
  /** What the engine answered, or would have; absent where it was not asked. */
  readonly engine?: {
    readonly acknowledged: number;
    readonly refused: number;
    readonly conflicted: number;
    /** How long its limit for one caller made the import wait, s. */
    readonly limitedSeconds: number;
  };
}

/** Collects what is told of rejects: all are counted, the first are kept. */
export class Rejects {
  readonly told: ToldReject[] = [];

  add(rejects: readonly Reject[]): void {
    for (const { row, column, reason } of rejects)
      if (this.told.length < mostTold) this.told.push({ place: row.place, column, reason });
  }
}
