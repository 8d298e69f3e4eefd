import { type Clock, readRecord } from './read-record.js';
import type { Reject, Row, RowFile } from './row.js';
import type { ServerRecord } from './server-record.js';

/** A row and what it says. */
export interface RecordedRow {
  readonly row: Row;
  readonly record: ServerRecord;
}

export interface Reading {
  readonly file: RowFile;
  readonly clock: Clock;
  /** False where only what is sold counts, not since when. */
  readonly needsSince: boolean;
  /** Told of each row that cannot be used, with all that is wrong with it. */
  readonly onReject: (row: Row, rejects: readonly Reject[]) => void;
  /** Told of every row. */
  readonly onRow: (row: Row) => void;
}

/** Reads a file of rows one by one; a second row of one server is rejected, for the file cannot mean both. */
export class ImportReader {
  rows = 0;
  rejected = 0;
  private readonly placeOf = new Map<string, string>();

  constructor(private readonly reading: Reading) {}

  /** Every row that can be used. */
  async *records(): AsyncGenerator<RecordedRow> {
    const { file, clock, onRow, onReject } = this.reading;
    for await (const row of file.rows) {
      this.rows++;
      onRow(row);
      const read = readRecord(row, clock);
      const rejects = 'rejects' in read ? read.rejects : this.misfits(row, read.record);
      if ('record' in read && rejects.length === 0) yield { row, record: read.record };
      else {
        this.rejected++;
        onReject(row, rejects);
      }
    }
  }

  private misfits(row: Row, { serverId, since }: ServerRecord): Reject[] {
    const place = this.placeOf.get(serverId);
    this.placeOf.set(serverId, place ?? row.place);
    if (place !== undefined) return [{ row, column: 'server', reason: `${serverId} is on ${place} already` }];
    if (since !== undefined || !this.reading.needsSince) return [];
    return [{ row, column: 'since', reason: 'is blank, and no --time says since when' }];
  }
}
