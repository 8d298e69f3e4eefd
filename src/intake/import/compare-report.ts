import type { Difference, FieldDifference } from './differences.js';
import { Rejects, type ToldReject } from './import-report.js';
import type { Reject } from './row.js';

/** A difference as it is told. */
export interface ToldDifference {
  readonly kind: Difference['kind'];
  readonly serverId: string;
  /** Of a server that is in both. */
  readonly fields?: readonly FieldDifference[];
}

export interface CompareReport {
  readonly file: string;
  /** Of the last event that the map counts. */
  readonly ordinal: number;
  readonly rows: number;
  /** Servers of the file that were held against the map. */
  readonly compared: number;
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
  readonly differences: readonly ToldDifference[];
  /** Rows that could not be read: what they name was not compared. */
  readonly rejected: number;
  readonly rejects: readonly ToldReject[];
  readonly unread: readonly string[];
  /** True when the events that would close the gap were written. */
  readonly emitted: boolean;
}

/** Collects what a comparison finds. */
export class CompareTally {
  readonly differences: Difference[] = [];
  readonly counts = { missing: 0, extra: 0, different: 0 };
  private readonly rejects = new Rejects();

  take(difference: Difference | undefined): void {
    if (difference === undefined) return;
    this.counts[difference.kind]++;
    this.differences.push(difference);
  }

  reject(rejects: readonly Reject[]): void {
    this.rejects.add(rejects);
  }

  report(
    head: Pick<CompareReport, 'file' | 'ordinal' | 'rows' | 'compared' | 'rejected' | 'unread' | 'emitted'>,
  ): CompareReport {
    return { ...head, ...this.counts, differences: this.differences.map(told), rejects: this.rejects.told };
  }
}

/** A difference without the records it was made from. */
export function told(one: Difference): ToldDifference {
  const { kind, serverId } = one;
  return kind === 'different' ? { kind, serverId, fields: one.fields } : { kind, serverId };
}
