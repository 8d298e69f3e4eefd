import Database from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { LogScrub } from '../../src/event-store/embedded/log-scrub.js';
import { readHead } from '../../src/event-store/embedded/head-file.js';
import { eventually, newEvents, stored, wholeLog } from '../contracts/event-store.check.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();

/** A log of 600 events in two streams, then changed behind everybody's back. */
async function tampered(sql: string): Promise<string> {
  const directory = newDirectory();
  const store = await openEmbeddedStore({ directory, create: true });
  for (const stream of ['server-a', 'server-b', 'server-a']) await stored(store, stream, newEvents(200));
  await store.close();
  new Database(join(directory, 'log.db')).exec(sql).close();
  return directory;
}

function scrubbed(directory: string): void {
  const scrub = LogScrub.open(directory);
  try {
    for (const step of scrub.pass(readHead(directory))) expect(step.checked).toBeLessThanOrEqual(step.of);
  } finally {
    scrub.close();
  }
}

const forgeries: [string, string][] = [
  ['data', `UPDATE event SET data = '{}' WHERE ordinal = 321`],
  ['metadata', `UPDATE event SET metadata = replace(metadata, 'test', 'TEST') WHERE ordinal = 321`],
  ['a type', `UPDATE event SET type = 'ServerResumed' WHERE ordinal = 321`],
  ['a stream', `UPDATE event SET stream = 'server-c' WHERE ordinal = 321`],
  ['an id', `UPDATE event SET id = 'x' WHERE ordinal = 321`],
  ['a revision', `UPDATE event SET revision = 777 WHERE ordinal = 321`],
  ['a leaf hash', `UPDATE event SET leaf_hash = zeroblob(32) WHERE ordinal = 321`],
  [
    'two revisions of a stream',
    `UPDATE event SET revision = 9999 WHERE ordinal = 321; UPDATE event SET revision = 121 WHERE ordinal = 322; UPDATE event SET revision = 122 WHERE ordinal = 321`,
  ],
];

describe('a row that is not as it was written', () => {
  it.each(forgeries)('is never served: %s', async (_, sql) => {
    const directory = await tampered(sql);
    const reader = await openEmbeddedReader(directory);
    const refused = {
      name: 'StoreError',
      code: 'store-corrupt',
      message: expect.stringMatching(/ordinals? .*32[012]/) as string,
    };
    await expect(reader.readAll({ limit: 1000 })).rejects.toMatchObject(refused);
    await expect(reader.readAll({ limit: 400, backwards: true })).rejects.toMatchObject(refused);
    expect((await reader.readAll({ limit: 321 })).events).toHaveLength(321);
    await reader.close();
    expect(() => scrubbed(directory)).toThrow(expect.objectContaining({ code: 'store-corrupt' }) as Error);
  });

  it.each([
    ['taken from the middle', `DELETE FROM event WHERE ordinal = 321`],
    ['a subtree', `UPDATE subtree SET hash = zeroblob(32) WHERE level = 8 AND number = 1`],
    ['a subtree too many', `INSERT INTO subtree VALUES (8, 2, zeroblob(32))`],
    ['a subtree too few', `DELETE FROM subtree WHERE level = 8 AND number = 0`],
  ])('is found by the scrub: %s', async (_, sql) => {
    const directory = await tampered(sql);
    rmSync(join(directory, 'head'));
    expect(() => scrubbed(directory)).toThrow(expect.objectContaining({ code: 'store-corrupt' }) as Error);
  });

  it('drops a subscription that would have to hand it over, from near and from afar', async () => {
    const directory = newDirectory();
    const store = await openEmbeddedStore({ directory, create: true });
    for (let round = 0; round < 7; round++) await stored(store, `server-${round}`, newEvents(1000));
    await store.close();
    new Database(join(directory, 'log.db')).exec(`UPDATE event SET data = '{}' WHERE ordinal IN (1500, 6500)`).close();
    const reader = await openEmbeddedReader(directory);
    for (const [after, last] of [
      [undefined, 999],
      ['5999', undefined],
    ] as const) {
      const seen: number[] = [];
      const dropped: Error[] = [];
      const subscription = reader.subscribe(after, {
        onEvents: (events) => void seen.push(...events.map(({ ordinal }) => ordinal)),
        onCaughtUp: () => {},
        onDropped: (error) => dropped.push(error),
      });
      await eventually(() => dropped.length > 0, 'the subscription is dropped');
      expect(dropped).toMatchObject([{ name: 'StoreError', code: 'store-corrupt' }]);
      expect(seen.at(-1)).toBe(last);
      await subscription.close();
    }
    await reader.close();
  });
});

describe('the scrub', () => {
  const atOnce = { firstAfterMs: 0, everyMs: 3_600_000, share: 1 };

  it('verifies the log while it grows and says so', async () => {
    const directory = newDirectory();
    const store = await openEmbeddedStore({ directory, create: true, scrub: { ...atOnce, everyMs: 1 } });
    for (let round = 0; round < 20; round++) await stored(store, `server-${round % 3}`, newEvents(40));
    await eventually(() => store.health().detail.includes('All 800 events'), 'the scrub passes');
    expect(store.health()).toMatchObject({ ok: true, readOnly: false });
    await store.close();
  });

  it('ends readiness for good at the first thing that is not as it was written', async () => {
    const directory = await tampered(`UPDATE event SET data = '{}' WHERE ordinal = 321`);
    const store = await openEmbeddedStore({ directory, scrub: { ...atOnce, everyMs: 1 } });
    await eventually(() => !store.health().ok, 'the scrub finds it');
    expect(store.health().detail).toMatch(/ordinal 321.*Restore/);
    // Appends still go on, and do not make it well again.
    await stored(store, 'server-a', newEvents(1));
    expect(store.health()).toMatchObject({ ok: false, readOnly: false });
    await store.close();
  });

  it('passes a log that is as it was written, to its end', async () => {
    const directory = await tampered('SELECT 1');
    expect(() => scrubbed(directory)).not.toThrow();
    const reader = await openEmbeddedReader(directory);
    expect(await wholeLog(reader)).toHaveLength(600);
    await reader.close();
  });
});
