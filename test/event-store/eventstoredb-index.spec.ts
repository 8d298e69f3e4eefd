import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import {
  openEventStoreDb,
  openEventStoreDbReader,
} from '../../src/event-store/eventstoredb/eventstoredb.event-store.js';
import { openEventStoreDbCopy } from '../../src/event-store/eventstoredb/copy.js';
import { openSqlite } from '../../src/event-store/sqlite.js';
import { eventually, newEvent, newEvents, stored, wholeLog } from '../contracts/event-store.check.js';
import { ServerNode } from '../support/eventstoredb/node.js';
import { openOn, type OpenedStore, quick } from '../support/eventstoredb/open.js';
import { type Recorded, ServerLog } from '../support/eventstoredb/server-log.js';

let log: ServerLog;
let node: ServerNode;
let opened: OpenedStore;
let store: EventStore;
beforeEach(async () => {
  log = new ServerLog();
  node = await new ServerNode(log).start();
  opened = await openOn(node.url, { recentEvents: 0 });
  store = opened.store;
});
afterEach(async () => {
  await store.close();
  await opened.dispose();
  node.stop();
});

const indexFile = (): string => join(opened.options.directory, 'index.db');

async function fill(rounds = 40): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await stored(store, `server-${round % 7}`, newEvents(1 + (round % 20)));
    if (round % 5 === 0) log.addNoise(3);
  }
}

/** Every row that the index is made of. */
function rowsOfIndex(): unknown[] {
  const db = openSqlite(indexFile(), { access: 'read', waitForLocksMs: 1000 });
  const rows = [
    ...db.prepare('SELECT * FROM event ORDER BY ordinal').all(),
    ...db.prepare('SELECT * FROM tile ORDER BY level, place').all(),
  ];
  db.close();
  return rows;
}

describe('the index of a log on EventStoreDB', () => {
  it('is the same when it is rebuilt as when it followed', async () => {
    await fill(60);
    const before = await wholeLog(store);
    const head = await store.tree.head();
    await store.close();
    const followed = rowsOfIndex();
    rmSync(indexFile());
    store = await openEventStoreDb(opened.options);
    expect(await wholeLog(store)).toEqual(before);
    expect(await store.tree.head()).toEqual(head);
    expect(await store.tree.rootAt(100)).toHaveLength(32);
    expect(rowsOfIndex()).toEqual(followed);
    expect(followed.length).toBeGreaterThan(512);
  });

  it('keeps ids to one event of one content also after it was deleted', async () => {
    const [first] = await stored(store, 'server-a', newEvents(1));
    await fill();
    await store.close();
    rmSync(indexFile());
    store = await openEventStoreDb(opened.options);
    const again = newEvent('once more', first?.id);
    expect(await store.append({ stream: 'server-a', expected: 'any', events: [again] })).toEqual({
      outcome: 'duplicate',
      events: [first],
    });
    expect(await store.append({ stream: 'server-b', expected: 'any', events: [again] })).toEqual({
      outcome: 'id-conflict',
      id: first?.id,
    });
  });

  it.each([
    ['is no database', () => writeFileSync(indexFile(), 'nonsense')],
    ['is empty', () => writeFileSync(indexFile(), '')],
    ['is of another log', () => change("UPDATE meta SET value = 'other' WHERE key = 'log-id'")],
    ['ends with an event that the server does not have', () => change(`UPDATE event SET id = zeroblob(16)`)],
    [
      'ends at a place where the server has nothing',
      () => change('UPDATE event SET commit_position = commit_position + 1'),
    ],
  ])('is made anew when it %s', async (_what, spoil) => {
    await fill(10);
    const before = await wholeLog(store);
    await store.close();
    spoil();
    store = await openEventStoreDb(opened.options);
    expect(await wholeLog(store)).toEqual(before);
  });

  it('goes on with what was stored while nobody followed', async () => {
    await fill(5);
    const other = await openOn(node.url);
    await store.close();
    const later = await stored(other.store, 'server-later', newEvents(3));
    store = await openEventStoreDb(opened.options);
    expect((await store.readStream('server-later')).events).toEqual(later);
    await other.dispose();
  });

  it('answers and takes nothing before it has caught up', async () => {
    const [first] = await stored(store, 'server-a', newEvents(100));
    await store.close();
    rmSync(indexFile());
    node.faults.on('slow');
    const slow = { ...opened.options, heartbeatMs: 2000, deadlineMs: 300 };
    store = await openEventStoreDb(slow);
    const refusal = { code: 'store-unavailable', message: expect.stringContaining('being indexed') as string };
    const again = newEvent('again', first?.id);
    await expect(store.append({ stream: 'server-b', expected: 'any', events: [again] })).rejects.toMatchObject(refusal);
    await expect(store.findById(first?.id ?? '')).rejects.toMatchObject(refusal);
    await expect(store.readAll()).rejects.toMatchObject(refusal);
    expect(store.health()).toMatchObject({ ok: false });
    let seen = 0;
    const early: number[] = [];
    store.subscribe(first?.position, {
      onEvents: (events) => void (seen += events.length),
      onCaughtUp: () => early.push(seen),
      onDropped: () => {},
    });
    node.faults.off();
    await eventually(() => store.health().ok, 'the index has caught up');
    await eventually(() => early.length > 0, 'the subscription has caught up');
    expect(early[0]).toBe(99);
    expect(await store.append({ stream: 'server-b', expected: 'any', events: [again] })).toMatchObject({
      outcome: 'id-conflict',
    });
  });

  it('belongs to one engine at a time', async () => {
    await expect(openEventStoreDb(opened.options)).rejects.toMatchObject({ code: 'store-locked' });
  });

  it('counts neither heartbeats nor events of others', async () => {
    log.addNoise(2, 'portledger-heartbeats-of-others');
    log.addNoise(2, 'portledger2.server-a');
    await fill(3);
    const events = await wholeLog(store);
    expect(log.all.some(({ stream }) => stream === 'portledger-heartbeat')).toBe(true);
    expect(events.map(({ ordinal }) => ordinal)).toEqual(events.map((_, index) => index));
    expect(events.every(({ stream }) => /^server-\d$/.test(stream))).toBe(true);
    expect((await store.tree.head()).size).toBe(events.length);
  });
});

describe('a log on EventStoreDB', () => {
  it('has the leaf hashes of the embedded store for the same events', async () => {
    await fill(12);
    const events = await wholeLog(store);
    const head = await store.tree.head();
    const directory = mkdtempSync(join(tmpdir(), 'portledger-embedded-'));
    let at = 0;
    const embedded = await openEmbeddedStore({ directory, create: true, now: () => at });
    for (const { stream, id, type, data, metadata } of events) {
      at = Date.parse(metadata.recordedAt);
      const given = Object.entries(metadata).filter(([name]) => name !== 'recordedAt');
      await embedded.append({
        stream,
        expected: 'any',
        events: [{ id, type, data: data as object, metadata: Object.fromEntries(given) as unknown as typeof metadata }],
      });
    }
    expect(await embedded.tree.head()).toEqual(head);
    await embedded.close();
    rmSync(directory, { recursive: true });
  });

  it('keeps its id, and two engines that make it at once agree on it', async () => {
    const server = await new ServerNode(new ServerLog()).start();
    const engines = await Promise.all([openOn(server.url), openOn(server.url)]);
    expect(engines[0].store.logId).toBe(engines[1].store.logId);
    for (const engine of engines) await engine.dispose();
    const later = await openOn(server.url);
    expect(later.store.logId).toBe(engines[0].store.logId);
    await later.dispose();
    server.stop();
  });

  it.each([
    ['data', (event: Recorded) => ({ ...event, data: Buffer.from('{"serverId":"srv-1","note":"changed"}') })],
    ['type', (event: Recorded) => ({ ...event, type: 'ServerResumed' })],
    ['id', (event: Recorded) => ({ ...event, id: randomUUID() })],
  ])('is not served when the %s of an event was changed on the server', async (_what, change) => {
    const [first, second] = await stored(store, 'server-a', newEvents(2));
    const place = log.all.findIndex(({ id }) => id === first?.id);
    const event = log.all[place];
    if (event === undefined) throw new Error('the event is not on the server');
    log.all[place] = change(event);
    await expect(store.readAll()).rejects.toMatchObject({ code: 'store-corrupt' });
    expect((await store.readAll({ after: first?.position ?? '' })).events).toEqual([second]);
  });

  it('is read, and not written, by a reader beside the engine', async () => {
    await fill(4);
    const before = log.all.filter(({ stream }) => stream !== 'portledger-heartbeat').length;
    const reader = await openEventStoreDbReader(opened.options);
    const events = await wholeLog(reader);
    expect(events).toEqual(await wholeLog(store));
    await expect(reader.append({ stream: 'a', expected: 'any', events: newEvents(1) })).rejects.toMatchObject({
      code: 'store-unusable',
    });
    const [later] = await stored(store, 'server-a', newEvents(1));
    for (let round = 0; round < 1500 && (await reader.head())?.id !== later?.id; round++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await reader.head()).toEqual(later);
    expect(reader.health()).toMatchObject({ ok: true, readOnly: true });
    await reader.close();
    expect(log.all.filter(({ stream }) => stream !== 'portledger-heartbeat')).toHaveLength(before + 1);
  });

  it('is not made by a reader', async () => {
    await expect(openEventStoreDbReader({ ...opened.options, namespace: 'nobody' })).rejects.toMatchObject({
      code: 'store-path-missing',
    });
  });

  it('stamps no event earlier than the one before it, whatever the clock says', async () => {
    let at = Date.parse('2026-01-01T00:00:10.000Z');
    const backwards = await openOn(node.url, { namespace: 'clock', now: () => (at -= 1000) });
    for (let round = 0; round < 3; round++) await stored(backwards.store, `server-${round}`, newEvents(1));
    await backwards.store.close();
    const later = await openEventStoreDb(backwards.options);
    await stored(later, 'server-a', newEvents(1));
    const stamps = (await wholeLog(later)).map(({ metadata }) => metadata.recordedAt);
    expect(new Set(stamps).size).toBe(1);
    await later.close();
    await backwards.dispose();
  });

  it('says what to do when there is no server', async () => {
    const { url } = node;
    node.stop();
    const opening = openOn(url, { namespace: 'elsewhere', deadlineMs: 100 });
    await expect(opening).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('Try again later') as string,
    });
    await node.start();
  });
});

describe('a copy to EventStoreDB', () => {
  const target = () => ({
    ...opened.options,
    directory: mkdtempSync(join(tmpdir(), 'portledger-copy-')),
    namespace: 'copy',
  });

  it('keeps ids, order, stamps and the tree, and is a log once it is finished', async () => {
    await fill(30);
    const events = await wholeLog(store);
    const options = target();
    const copy = await openEventStoreDbCopy(options, store.logId);
    expect(copy.size).toBe(0);
    await copy.add(events.slice(0, 100));
    await copy.close();
    await expect(openEventStoreDb(options)).rejects.toMatchObject({
      code: 'store-unusable',
      message: expect.stringContaining('not finished') as string,
    });
    const resumed = await openEventStoreDbCopy(options, store.logId);
    expect(resumed.size).toBe(100);
    await resumed.add(events.slice(100));
    await resumed.finish(await store.tree.head());
    await resumed.close();
    const copied = await openEventStoreDb(options);
    expect(copied.logId).toBe(store.logId);
    expect(await copied.tree.head()).toEqual(await store.tree.head());
    const withoutPosition = (event: (typeof events)[number]) => ({ ...event, position: '' });
    expect((await wholeLog(copied)).map(withoutPosition)).toEqual(events.map(withoutPosition));
    await copied.close();
    await expect(openEventStoreDbCopy(options, store.logId)).rejects.toMatchObject({ code: 'store-unusable' });
    rmSync(options.directory, { recursive: true });
  });

  it('refuses what does not go on where it ends, another log, and another tree head', async () => {
    await fill(5);
    const events = await wholeLog(store);
    const options = target();
    const copy = await openEventStoreDbCopy(options, store.logId);
    const differs = { code: 'copy-differs' };
    await expect(copy.add(events.slice(1))).rejects.toMatchObject(differs);
    await copy.add(events);
    await expect(copy.finish({ size: events.length, root: Buffer.alloc(32) })).rejects.toMatchObject(differs);
    await copy.close();
    await expect(openEventStoreDbCopy(options, randomUUID())).rejects.toMatchObject(differs);
    rmSync(options.directory, { recursive: true });
  });

  it('is not begun where a log stands', async () => {
    await expect(
      openEventStoreDbCopy({ ...opened.options, ...quick, directory: `${opened.options.directory}/x` }, randomUUID()),
    ).rejects.toMatchObject({ code: 'store-unusable' });
    expect(existsSync(indexFile())).toBe(true);
  });
});

function change(sql: string): void {
  const db = openSqlite(indexFile(), { access: 'write', waitForLocksMs: 1000 });
  db.exec(sql);
  db.close();
}
