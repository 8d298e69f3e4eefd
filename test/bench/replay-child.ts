import { join } from 'node:path';
import { LogFold } from '../../projections/index.js';
import { openEmbeddedReader } from '../../src/event-store/embedded/embedded.event-store.js';
import { logFileName } from '../../src/event-store/embedded/log-file.js';
import { openSqlite } from '../../src/event-store/sqlite.js';
import { rowColumns } from '../../src/event-store/embedded/stored-row.js';
import type { EventRow } from '../../src/event-store/embedded/writer-messages.js';

// A fresh process for each measurement, as a restart is one: `replay-child.js limit|replay|memory DIRECTORY` prints JSON.

export interface ReplayMeasured {
  readonly milliseconds: number;
  readonly events: number;
  /** Servers in the map; 0 where no map was made. */
  readonly servers: number;
  /** Streams that froze: a bench of a log that cannot be read would measure nothing. */
  readonly frozen: number;
  /** What the process grew by, in bytes, garbage collected before and after; `heapBytes` are objects and typed arrays. */
  readonly rssBytes: number;
  readonly heapBytes: number;
}

const pageSize = 1_000;

/** What nobody who reads this log can do without: its rows page by page, data and metadata parsed. */
function readAndParse(directory: string): number {
  const db = openSqlite(join(directory, logFileName), { access: 'read', waitForLocksMs: 2_000 });
  const page = db
    .prepare<[number, number], EventRow>(`SELECT ${rowColumns} FROM event WHERE ordinal > ? ORDER BY ordinal LIMIT ?`)
    .raw();
  let events = 0;
  for (let rows = page.all(-1, pageSize); rows.length > 0; rows = page.all(events - 1, pageSize)) {
    for (const [, , , , , data, metadata] of rows) {
      JSON.parse(data);
      JSON.parse(metadata);
    }
    events += rows.length;
  }
  db.close();
  return events;
}

async function replay(directory: string): Promise<LogFold> {
  const store = await openEmbeddedReader(directory);
  const fold = new LogFold();
  let after: string | undefined;
  do {
    const page = await store.readAll({ ...(after === undefined ? {} : { after }), limit: pageSize });
    for (const event of page.events) fold.fold(event);
    after = page.next;
  } while (after !== undefined);
  await store.close();
  return fold;
}

async function measure(what: string, directory: string): Promise<ReplayMeasured> {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const start = performance.now();
  const fold = what === 'limit' ? undefined : await replay(directory);
  const events = fold === undefined ? readAndParse(directory) : fold.ordinal + 1;
  const milliseconds = performance.now() - start;
  globalThis.gc?.();
  const after = process.memoryUsage();
  return {
    milliseconds,
    events,
    servers: fold?.map.assignments.size ?? 0,
    frozen: fold?.frozenStreams().length ?? 0,
    rssBytes: after.rss - before.rss,
    heapBytes: after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers,
  };
}

const [, , what = '', directory = ''] = process.argv;
process.stdout.write(`${JSON.stringify(await measure(what, directory))}\n`);
