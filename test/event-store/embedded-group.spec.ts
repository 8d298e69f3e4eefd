import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { AppendRequest } from '../../src/event-store/event-store.port.js';
import { eventually, idsOf, newEvent, newEvents, stored, wholeLog } from '../contracts/event-store.check.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();

/** How many transactions stand in the write-ahead log: frames with the size of the file after a commit (SQLite file format, 4.1). */
function commitsIn(directory: string): number {
  const copy = join(newDirectory(), 'wal');
  // Another process copies: to close the file here would drop the store's locks on it.
  if (spawnSync('cp', [join(directory, 'log.db-wal'), copy]).status !== 0) return 0;
  const wal = readFileSync(copy);
  const frame = 24 + wal.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frame <= wal.length; at += frame) if (wal.readUInt32BE(at + 4) > 0) commits++;
  return commits;
}

describe('concurrent appends', () => {
  it('share commits, and one after the other each has its own', async () => {
    const directory = newDirectory();
    const store = await openEmbeddedStore({ directory, create: true, scrub: false });
    for (let turn = 0; turn < 5; turn++) await stored(store, 'server-a', newEvents(1));
    const alone = commitsIn(directory);
    expect(alone).toBe(5);
    await Promise.all(newEvents(200).map((event) => stored(store, `server-${event.id}`, [event])));
    expect(commitsIn(directory) - alone).toBeLessThan(20);
    expect(await wholeLog(store)).toHaveLength(205);
    await store.close();
  });

  it('are answered in the order they were made, each by its own outcome', async () => {
    const store = await openEmbeddedStore({ directory: newDirectory(), create: true, scrub: false });
    const [first] = await stored(store, 'server-a', newEvents(1));
    const answered: string[] = [];
    const append = async (name: string, request: AppendRequest): Promise<void> => {
      answered.push(`${name} ${(await store.append(request)).outcome}`);
    };
    const event = newEvent();
    await Promise.all([
      append('new', { stream: 'server-b', expected: -1, events: [event] }),
      append('again', { stream: 'server-b', expected: 5, events: [event] }),
      append('late', { stream: 'server-b', expected: -1, events: newEvents(1) }),
      append('half', { stream: 'server-a', expected: 0, events: [newEvent(), newEvent(1, first?.id)] }),
      append('next', { stream: 'server-a', expected: 0, events: newEvents(2) }),
      append('nothing', { stream: 'server-c', expected: -1, events: [] }),
    ]);
    expect(answered).toEqual([
      'new stored',
      'again duplicate',
      'late wrong-revision',
      'half id-conflict',
      'next stored',
      'nothing stored',
    ]);
    const log = await wholeLog(store);
    expect(log.map(({ stream, revision }) => `${stream} ${revision}`)).toEqual([
      'server-a 0',
      'server-b 0',
      'server-a 1',
      'server-a 2',
    ]);
    await store.close();
  });

  it('come to a subscription in log order, whatever call they were part of', async () => {
    const store = await openEmbeddedStore({ directory: newDirectory(), create: true, scrub: false });
    const seen: string[] = [];
    let caughtUp = false;
    const subscription = store.subscribe(undefined, {
      onEvents: (events) => void seen.push(...idsOf(events)),
      onCaughtUp: () => (caughtUp = true),
      onDropped: () => {},
    });
    await eventually(() => caughtUp, 'the subscription catches up');
    await Promise.all(newEvents(300).map((event, index) => stored(store, `server-${index % 7}`, [event])));
    await eventually(() => seen.length === 300, 'the subscription sees all');
    expect(seen).toEqual(idsOf(await wholeLog(store)));
    await subscription.close();
    await store.close();
  });
});

describe('reading from afar', () => {
  it('lets a process that has nothing else to do read to the end, close, and go on', async () => {
    const directory = newDirectory();
    const store = await openEmbeddedStore({ directory, create: true, scrub: false });
    for (let round = 0; round < 8; round++) await stored(store, `server-${round}`, newEvents(1000));
    await store.close();
    const program = `
      import { openEmbeddedReader } from ${JSON.stringify(new URL('../../src/event-store/embedded/embedded.event-store.js', import.meta.url).href)};
      const reader = await openEmbeddedReader(${JSON.stringify(directory)});
      let count = 0;
      for (let after; count < 8000; ) {
        const page = await reader.readAll(after === undefined ? {} : { after });
        count += page.events.length;
        after = page.next;
      }
      await reader.close();
      console.log(count);`;
    const file = join(newDirectory(), 'reader.mjs');
    writeFileSync(file, program);
    const run = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 60_000 });
    expect({ status: run.status, out: run.stdout, err: run.stderr }).toEqual({ status: 0, err: '', out: '8000\n' });
  });

  it('gives the same events as reading from near, page after page, while the log grows', async () => {
    const directory = newDirectory();
    const store = await openEmbeddedStore({ directory, create: true, scrub: false });
    for (let round = 0; round < 8; round++) await stored(store, `server-${round % 3}`, newEvents(1000));
    const near = await wholeLog(store, 99);
    const [far] = await Promise.all([wholeLog(store, 1000), stored(store, 'server-z', newEvents(5))]);
    expect(far.slice(0, 8000)).toEqual(near);
    const [one, other] = await Promise.all([
      store.readAll({ after: '99', limit: 300 }),
      store.readAll({ after: '1999', limit: 500 }),
    ]);
    expect(one).toEqual({ events: near.slice(100, 400), next: '399' });
    expect(other).toEqual({ events: near.slice(2000, 2500), next: '2499' });
    const closed = expect(store.readAll({ limit: 1000 })).rejects.toMatchObject({ code: 'store-closed' });
    await store.close();
    await closed;
  });
});
