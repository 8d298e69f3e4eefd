import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { StoredEvent } from '../../events/index.js';
import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { LogScrub } from '../../src/event-store/embedded/log-scrub.js';
import { newEvents, stored, wholeLog } from '../contracts/event-store.check.js';
import { independentLeaf, treeHash } from '../contracts/rfc-6962.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();
const logId = '6f1c1a52-3c1c-4a55-9d53-3a7b1f6f0e01';

/** A log as the version before wrote it: no kept subtrees, no place checks, no head file. */
function olderLog(count: number): string {
  const directory = newDirectory();
  const db = new Database(join(directory, 'log.db'));
  db.pragma('journal_mode = WAL');
  db.pragma(`application_id = ${0x504c4f47}`);
  db.exec(`
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE event (
      ordinal INTEGER PRIMARY KEY,
      stream TEXT NOT NULL,
      revision INTEGER NOT NULL,
      id TEXT NOT NULL UNIQUE,
      type TEXT NOT NULL,
      data TEXT NOT NULL,
      metadata TEXT NOT NULL,
      leaf_hash BLOB NOT NULL,
      UNIQUE (stream, revision)
    ) STRICT;
    INSERT INTO meta VALUES ('schema-version', '1'), ('log-id', '${logId}');
  `);
  const insert = db.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const [id, stream] = [`00000000-0000-5000-8000-${String(ordinal).padStart(12, '0')}`, `server-${ordinal % 3}`];
    const metadata = `{"recordedAt":"2026-01-01T00:00:00.000Z","schemaVersion":1,"source":"urn:test","sourceId":"${ordinal}","time":"2026-01-01T00:00:00.000Z"}`;
    const data = `{"serverId":"${ordinal}"}`;
    const leaf = `\0{"data":${data},"id":"${id}","metadata":${metadata},"stream":"${stream}","type":"ServerResumed"}`;
    const hash = createHash('sha256').update(leaf).digest();
    insert.run(ordinal, stream, Math.floor(ordinal / 3), id, 'ServerResumed', data, metadata, hash);
  }
  db.close();
  return directory;
}

const rootOf = (events: readonly StoredEvent[]): Buffer => treeHash(events.map(independentLeaf));

describe('a log of the version before', () => {
  it('is read as it is, tree included', async () => {
    const directory = olderLog(600);
    const reader = await openEmbeddedReader(directory);
    const log = await wholeLog(reader);
    expect(log.map(({ ordinal }) => ordinal)).toEqual(log.map((_, index) => index));
    expect(log).toHaveLength(600);
    expect(await reader.tree.head()).toEqual({ size: 600, root: rootOf(log) });
    expect(await reader.tree.rootAt(257)).toEqual(rootOf(log.slice(0, 257)));
    await reader.close();
  });

  it('is brought up to date when it is opened for writing, with its subtrees, and goes on', async () => {
    const directory = olderLog(600);
    const store = await openEmbeddedStore({ directory, scrub: false });
    expect(store.logId).toBe(logId);
    const [next] = await stored(store, 'server-1', newEvents(1));
    expect([next?.ordinal, next?.revision]).toEqual([600, 200]);
    await stored(store, 'server-9', newEvents(200));
    const log = await wholeLog(store);
    expect(await store.tree.head()).toEqual({ size: 801, root: rootOf(log) });
    expect(await store.tree.rootAt(512)).toEqual(rootOf(log.slice(0, 512)));
    await store.close();
    const db = new Database(join(directory, 'log.db'), { readonly: true });
    expect(db.prepare('SELECT level, number FROM subtree').raw().all()).toEqual([
      [8, 0],
      [8, 1],
      [8, 2],
    ]);
    db.close();
    const scrub = LogScrub.open(directory);
    expect([...scrub.pass(undefined)].at(-1)).toEqual({ checked: 801, of: 801 });
    scrub.close();
    await (await openEmbeddedStore({ directory })).close();
  });
});
