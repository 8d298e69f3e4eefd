import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredEvent } from '../../../events/index.js';
import { StoreError } from '../event-store.port.js';
import type { ServerConnection, ServerPosition, ServerRecord } from './client.js';
import { asServerError, passes } from './errors.js';
import { type IndexRow, positionOf } from './log-index.js';
import type { StreamNames } from './names.js';
import type { RecentEvents } from './recent.js';
import { eventOf, leafOf } from './record.js';

const attempts = 3;
const mostAtOnce = 1000;

/** Reads from the server the events that the index knows, and holds each against its leaf hash. */
export class ServerPages {
  constructor(
    private readonly connection: ServerConnection,
    private readonly names: StreamNames,
    private readonly server: string,
    private readonly recent: RecentEvents,
  ) {}

  /** The events of consecutive ordinals, in that order. */
  ofLog(rows: readonly IndexRow[]): Promise<StoredEvent[]> {
    return this.read(rows, () => this.collectAll(rows));
  }

  /** Events of one stream with consecutive revisions, in that order. */
  ofStream(rows: readonly IndexRow[]): Promise<StoredEvent[]> {
    return this.read(rows, async () => {
      const [first] = rows;
      return first === undefined
        ? []
        : this.connection.readStream(this.names.onServer(first.stream), first.revision, rows.length);
    });
  }

  /** Events of any ordinals that rise, in that order; asks the server as seldom as it can. */
  async ofAny(rows: readonly IndexRow[]): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    const runs = runsOf(rows, (row, next) => next.ordinal === row.ordinal + 1);
    const byStream = [...rows].sort((a, b) =>
      a.stream === b.stream ? a.revision - b.revision : a.stream < b.stream ? -1 : 1,
    );
    const ofStreams = runsOf(byStream, (row, next) => next.stream === row.stream && next.revision === row.revision + 1);
    // A single event is found in its stream: beside it in $all stands whatever others write.
    const all = ofStreams.length <= runs.length ? [] : runs.filter(({ length }) => length > 1);
    const single = all.length === 0 ? ofStreams : runs.filter(({ length }) => length === 1);
    for (const run of all) events.push(...(await this.ofLog(run)));
    for (const run of single) events.push(...(await this.ofStream(run)));
    return events.sort((a, b) => a.ordinal - b.ordinal);
  }

  private async read(
    rows: readonly IndexRow[],
    collect: () => Promise<readonly ServerRecord[]>,
  ): Promise<StoredEvent[]> {
    const kept = this.recent.all(rows.map(({ ordinal }) => ordinal));
    if (kept !== undefined) return kept;
    for (let attempt = 1; ; attempt++) {
      try {
        const records = new Map((await collect()).map((record) => [`${record.revision} ${record.stream}`, record]));
        return rows.map((row) => this.verified(row, records.get(`${row.revision} ${this.names.onServer(row.stream)}`)));
      } catch (error) {
        if (attempt === attempts || !(passes(error) || error instanceof Missing))
          throw asServerError(error, 'Reading from', this.server);
        await sleep(50 * attempt);
      }
    }
  }

  /** Everybody's events between the first and the last of these; there is no filter for a read of $all. */
  private async collectAll(rows: readonly IndexRow[]): Promise<ServerRecord[]> {
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return [];
    const found: ServerRecord[] = [];
    let from: ServerPosition = positionOf(first);
    for (;;) {
      const count = Math.min(mostAtOnce, rows.length - found.length + 16);
      const page = await this.connection.readAll(from, count);
      for (const record of page) if (this.names.ofLog(record.stream) !== undefined) found.push(record);
      const end = page.at(-1)?.position;
      if (end === undefined || end.commit >= BigInt(last.commit) || page.length < count) return found;
      if (end.commit === from.commit) return found;
      // The next page begins with the event that this one ended with, which is then found a second time.
      from = end;
    }
  }

  private verified(row: IndexRow, record: ServerRecord | undefined): StoredEvent {
    if (record === undefined) throw new Missing(row, this.server);
    const event = eventOf(record, row.stream);
    if (event.id === row.id && leafOf(event).equals(row.leafHash))
      return { ...event, position: String(row.commit), ordinal: row.ordinal };
    throw new StoreError(
      'store-corrupt',
      `Event ${row.ordinal} (${row.id}), revision ${row.revision} of ${row.stream}, is not at ${this.server} as it was when it was first read. If the index is damaged, starting the engine without it helps; if not, the server's history was changed: compare it with an exported checkpoint.`,
    );
  }
}

/** Cut into stretches within which each row follows the one before it. */
function runsOf(rows: readonly IndexRow[], follows: (row: IndexRow, next: IndexRow) => boolean): IndexRow[][] {
  const runs: IndexRow[][] = [];
  let before: IndexRow | undefined;
  for (const row of rows) {
    const run = before !== undefined && follows(before, row) ? runs.at(-1) : undefined;
    if (run === undefined) runs.push([row]);
    else run.push(row);
    before = row;
  }
  return runs;
}

/** An event that the index knows is not there; a read that was cut short looks the same, so it is tried again. */
class Missing extends StoreError {
  constructor({ ordinal, id, stream }: IndexRow, server: string) {
    super(
      'store-corrupt',
      `Event ${ordinal} (${id}) of ${stream} is not on ${server} any more. Restore the server from a backup.`,
    );
  }
}
