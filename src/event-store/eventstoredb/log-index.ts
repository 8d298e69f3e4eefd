import type { StoredEvent } from '../../../events/index.js';
import { StoreError } from '../event-store.port.js';
import type { ServerPosition, ServerRecord } from './client.js';
import { openIndexFile } from './index-file.js';
import type { StreamNames } from './names.js';
import { eventOf, leafOf, type Unnumbered } from './record.js';
import { Frontier, type KeptHashes } from '../merkle-tree.js';
import type { Sqlite } from '../sqlite.js';

/** Where an event of the log is on the server, and what it must be like there. */
export interface IndexRow {
  readonly ordinal: number;
  readonly commit: number;
  readonly prepare: number;
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly leafHash: Buffer;
}

/** The subscription gave events that do not go on where the last ones ended. */
export class FeedGap extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FeedGap';
  }
}

type Columns = [number, number, number, Buffer, string, number, Buffer];
const columns = 'ordinal, commit_position, prepare_position, id, stream, revision, leaf_hash';

/**
 * What the server cannot answer: the ordinal of each event, where an id stands, the Merkle tree. Made by following the
 * server, of which it holds nothing that is not there too.
 */
export class LogIndex implements KeptHashes {
  private readonly after;
  private readonly before;
  private readonly ofStream;
  private readonly ofStreamBackwards;
  private readonly ofStreams;
  private readonly lastRevision;
  private readonly withId;
  private readonly leaves;
  private readonly tiles;
  private readonly firstAfter;
  private readonly insert;
  private readonly insertTile;
  private readonly inOneTransaction;
  private frontier: Frontier;
  private last: IndexRow | undefined;

  private constructor(
    private readonly db: Sqlite,
    private readonly names: StreamNames,
  ) {
    const select = `SELECT ${columns} FROM event`;
    this.after = db.prepare<[number, number], Columns>(`${select} WHERE ordinal >= ? ORDER BY ordinal LIMIT ?`).raw();
    this.before = db
      .prepare<[number, number], Columns>(`${select} WHERE ordinal < ? ORDER BY ordinal DESC LIMIT ?`)
      .raw();
    this.ofStream = db
      .prepare<[string, number, number], Columns>(
        `${select} WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`,
      )
      .raw();
    this.ofStreamBackwards = db
      .prepare<[string, number, number], Columns>(
        `${select} WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?`,
      )
      .raw();
    this.ofStreams = db
      .prepare<[string], number>('SELECT ordinal FROM event WHERE stream IN (SELECT value FROM json_each(?))')
      .pluck();
    this.lastRevision = db.prepare<[string], number | null>('SELECT max(revision) FROM event WHERE stream = ?').pluck();
    this.withId = db.prepare<[Buffer], Columns>(`${select} WHERE id = ? ORDER BY ordinal LIMIT 1`).raw();
    this.leaves = db
      .prepare<[number, number], Buffer>('SELECT leaf_hash FROM event WHERE ordinal >= ? ORDER BY ordinal LIMIT ?')
      .pluck();
    this.tiles = db
      .prepare<[number, number, number], Buffer>(
        'SELECT hash FROM tile WHERE level = ? AND place >= ? ORDER BY place LIMIT ?',
      )
      .pluck();
    this.firstAfter = db
      .prepare<[number], number>('SELECT ordinal FROM event WHERE commit_position > ? ORDER BY commit_position LIMIT 1')
      .pluck();
    this.insert = db.prepare<Columns>('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.insertTile = db.prepare<[number, number, Buffer]>('INSERT INTO tile VALUES (?, ?, ?)');
    this.inOneTransaction = db.transaction((records: readonly ServerRecord[], frontier: Frontier) =>
      records.flatMap((record) => this.applyOne(record, frontier) ?? []),
    );
    const head = this.before.all(Number.MAX_SAFE_INTEGER, 1).map(rowOf).at(0);
    this.last = head;
    this.frontier = Frontier.of(this, (head?.ordinal ?? -1) + 1);
  }

  /** Opens the index at this path, or makes an empty one where it cannot be used. */
  static open(path: string, logId: string, names: StreamNames): LogIndex {
    return new LogIndex(openIndexFile(path, logId), names);
  }

  get size(): number {
    return this.frontier.size;
  }

  get root(): Buffer {
    return this.frontier.root();
  }

  /** The last event of the log. */
  get head(): IndexRow | undefined {
    return this.last;
  }

  /**
   * Takes what the subscription gave, in its order, and numbers what is new.
   * @throws FeedGap when something is missing or out of order; nothing of it is then taken
   * @throws StoreError `store-corrupt` for an event that cannot be part of a log
   */
  apply(records: readonly ServerRecord[]): StoredEvent[] {
    const [last, frontier] = [this.last, this.frontier.copy()];
    try {
      const fresh = this.inOneTransaction(records, frontier);
      this.frontier = frontier;
      return fresh;
    } catch (error) {
      this.last = last;
      throw error;
    }
  }

  /** At most `limit` events from an ordinal on. */
  range(from: number, limit: number): IndexRow[] {
    return this.after.all(from, limit).map(rowOf);
  }

  /** At most `limit` events before an ordinal, the newest first. */
  rangeBackwards(before: number, limit: number): IndexRow[] {
    return this.before.all(before, limit).map(rowOf);
  }

  stream(stream: string, from: number, limit: number): IndexRow[] {
    return this.ofStream.all(stream, from, limit).map(rowOf);
  }

  streamBackwards(stream: string, from: number, limit: number): IndexRow[] {
    return this.ofStreamBackwards.all(stream, from, limit).map(rowOf);
  }

  /** The ordinals of all events of these streams, ascending. */
  ordinalsOf(streams: readonly string[]): number[] {
    return this.ofStreams.all(JSON.stringify(streams)).sort((a, b) => a - b);
  }

  /** -1 for a stream that nobody wrote. */
  revisionOf(stream: string): number {
    return this.lastRevision.get(stream) ?? -1;
  }

  byId(id: string): IndexRow | undefined {
    const bytes = idBytes(id);
    const row = bytes === undefined ? undefined : this.withId.get(bytes);
    return row && rowOf(row);
  }

  /** The ordinal of the first event after a commit position; the size of the log where there is none. */
  ordinalAfter(commit: number): number {
    return this.firstAfter.get(commit) ?? this.size;
  }

  /** The ordinal of the first event at or after a commit position. */
  ordinalFrom(commit: number): number {
    return this.firstAfter.get(commit - 1) ?? this.size;
  }

  hashes(level: number, first: number, count: number): Buffer[] {
    return level === 0 ? this.leaves.all(first, count) : this.tiles.all(level, first, count);
  }

  /** It will be made anew when it is opened the next time. */
  condemn(): void {
    try {
      this.db.prepare("UPDATE meta SET value = '' WHERE key = 'log-id'").run();
    } catch {
      // A file that cannot be written any more will not be taken for sound either.
    }
  }

  close(): void {
    this.db.close();
  }

  private applyOne(record: ServerRecord, frontier: Frontier): StoredEvent | undefined {
    const stream = this.names.ofLog(record.stream);
    if (stream === undefined) return undefined;
    const commit = exact(record.position?.commit);
    const isOld = this.last !== undefined && commit <= this.last.commit;
    if (isOld && this.isKnown(record, stream, commit)) return undefined;
    if (isOld) throw outOfOrder(record, commit, this.last?.commit ?? -1);
    const event = eventOf(record, stream);
    const expected = this.revisionOf(stream) + 1;
    if (record.revision !== expected)
      throw new FeedGap(`Revision ${record.revision} of ${record.stream} came where ${expected} was expected`);
    return this.take(event, { commit, prepare: exact(record.position?.prepare) }, frontier);
  }

  private take(event: Unnumbered, { commit, prepare }: { commit: number; prepare: number }, frontier: Frontier) {
    const id = idBytes(event.id);
    if (id === undefined) throw new StoreError('store-corrupt', `${event.id} in ${event.stream} is no event id.`);
    const ordinal = frontier.size;
    const leaf = leafOf(event);
    this.insert.run(ordinal, commit, prepare, id, event.stream, event.revision, leaf);
    frontier.push(leaf, (level, place, hash) => this.insertTile.run(level, place, hash));
    const { stream, revision } = event;
    this.last = { ordinal, commit, prepare, id: event.id, stream, revision, leafHash: leaf };
    return { ...event, position: String(commit), ordinal };
  }

  private isKnown({ id, revision }: ServerRecord, stream: string, commit: number): boolean {
    const [known] = this.stream(stream, revision, 1);
    if (known === undefined || known.revision !== revision) return false;
    if (known.id === id && known.commit === commit) return true;
    if (known.id === id) return false;
    throw new StoreError(
      'store-corrupt',
      `Event ${revision} of ${stream} on the server is ${id}, and was ${known.id} when it was read first. The history on the server was changed: compare it with an exported checkpoint.`,
    );
  }
}

function outOfOrder({ stream, revision }: ServerRecord, commit: number, last: number): Error {
  if (commit !== last) return new FeedGap(`Event ${revision} of ${stream} at ${commit} came after ${last}`);
  return new StoreError(
    'store-corrupt',
    `Two events of the log have the commit position ${commit}, one of them event ${revision} of ${stream}: it was not written by an engine. Copy what is before it to another namespace.`,
  );
}

function rowOf([ordinal, commit, prepare, id, stream, revision, leafHash]: Columns): IndexRow {
  return { ordinal, commit, prepare, id: idText(id), stream, revision, leafHash };
}

export const positionOf = ({ commit, prepare }: IndexRow): ServerPosition => ({
  commit: BigInt(commit),
  prepare: BigInt(prepare),
});

function exact(position: bigint | undefined): number {
  const number = Number(position ?? -1n);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new StoreError('store-unusable', `${position} is no position that can be kept: expected one below 2^53.`);
  return number;
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Undefined for what is no UUID in lower case: the server gives ids back in that form. */
export function idBytes(id: string): Buffer | undefined {
  return uuidForm.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : undefined;
}

function idText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
