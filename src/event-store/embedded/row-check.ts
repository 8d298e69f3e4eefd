import type { StoredEvent } from '../../../events/index.js';
import { StoreError } from '../event-store.port.js';
import { hasLeafHash, leafInput } from '../leaf-hash.js';
import type { SchemaVersion } from './log-file.js';
import type { Sqlite } from '../sqlite.js';
import { rowColumns, storedEvent } from './stored-row.js';
import type { EventRow } from './writer-messages.js';

/** A row together with what shows that it is as it was written: the leaf hash in hexadecimal digits, the place check. */
export type CheckedRow = [...EventRow, leafHex: string, placeCheck: number | null];

/**
 * A number made of where an event stands, 0 to 2^32 - 1 (the finisher of MurmurHash3 over both numbers). The leaf hash
 * does not cover the place, so that copies have the same leaves; without this a flipped bit in a revision would be served.
 */
export function placeCheck(ordinal: number, revision: number): number {
  let mixed =
    (ordinal | 0) ^ Math.imul(Math.floor(ordinal / 2 ** 32) + 1, 0x9e3779b1) ^ Math.imul(revision, 0x85ebca77);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Lets no row pass that is not as it was written. */
export class RowCheck {
  /** The columns of a CheckedRow. */
  readonly columns: string;
  private readonly ordinalAt;

  constructor(
    db: Sqlite,
    private readonly path: string,
    version: SchemaVersion,
  ) {
    this.columns = `${rowColumns}, hex(leaf_hash), ${version === 1 ? 'NULL' : 'place_check'}`;
    this.ordinalAt = db
      .prepare<[string, number], number>('SELECT ordinal FROM event WHERE stream = ? AND revision = ?')
      .pluck();
  }

  /** @throws StoreError `store-corrupt` */
  row(row: CheckedRow): EventRow {
    this.leafInputOf(row);
    const [ordinal, stream, revision, id, type, data, metadata] = row;
    return [ordinal, stream, revision, id, type, data, metadata];
  }

  /** @throws StoreError `store-corrupt` */
  event(row: CheckedRow): StoredEvent {
    return storedEvent(this.row(row));
  }

  /**
   * The event as a JSON text, for a page that is parsed in one go.
   * @throws StoreError `store-corrupt`
   */
  eventText(row: CheckedRow): string {
    const [ordinal, , revision] = row;
    const members = this.leafInputOf(row).slice(1, -1);
    return `${members},"revision":${revision},"position":"${ordinal}","ordinal":${ordinal}}`;
  }

  private leafInputOf([ordinal, stream, revision, id, type, data, metadata, leafHex, place]: CheckedRow): string {
    const input = leafInput({ id, stream, type, data, metadata });
    if (!hasLeafHash(input, leafHex)) throw this.changed(ordinal, 'its content does not have the leaf hash beside it');
    if (place !== placeCheck(ordinal, revision) && (place !== null || !this.isIndexed(ordinal, stream, revision)))
      throw this.changed(ordinal, `revision ${revision} is not the one it was stored with`);
    return input;
  }

  /** For rows that an older version wrote, without a place check. */
  private isIndexed(ordinal: number, stream: string, revision: number): boolean {
    return this.ordinalAt.get(stream, revision) === ordinal;
  }

  private changed(ordinal: number, what: string): StoreError {
    return new StoreError(
      'store-corrupt',
      `The event at ordinal ${ordinal}, position ${ordinal}, of ${this.path} is not as it was written: ${what}. The file was left as it is. Restore the directory from a backup or a copy of the log.`,
    );
  }
}
