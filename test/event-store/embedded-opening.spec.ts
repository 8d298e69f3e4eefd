import Database from 'better-sqlite3';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { newEvents, stored } from '../contracts/event-store.check.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();

async function refusals(directory: string): Promise<unknown[]> {
  const opens = [openEmbeddedStore({ directory, create: true }), openEmbeddedReader(directory)];
  return Promise.all(
    opens.map((open) =>
      open.then(
        () => 'opened',
        (error: unknown) => error,
      ),
    ),
  );
}

describe('opening an embedded log', () => {
  it('makes the directory and the log when that is allowed', async () => {
    const directory = join(newDirectory(), 'data');
    const store = await openEmbeddedStore({ directory, create: true });
    await store.close();
    expect(existsSync(join(directory, 'log.db'))).toBe(true);
  });

  it.each([
    ['a missing directory when none may be made', (root: string) => join(root, 'data'), false],
    ['a directory without a log when none may be made', (root: string) => root, false],
    ['a directory whose parent is missing', (root: string) => join(root, 'no', 'data'), true],
  ])('refuses %s, names it, and makes nothing', async (_, choose, create) => {
    const root = newDirectory();
    const directory = choose(root);
    const refused = {
      name: 'StoreError',
      code: 'store-path-missing',
      message: expect.stringContaining(directory) as string,
    };
    await expect(openEmbeddedStore({ directory, create })).rejects.toMatchObject(refused);
    await expect(openEmbeddedReader(directory)).rejects.toMatchObject(refused);
    expect(readdirSync(root)).toEqual([]);
  });

  it('refuses a file where the directory should be', async () => {
    const directory = join(newDirectory(), 'data');
    writeFileSync(directory, 'a file');
    await expect(openEmbeddedStore({ directory, create: true })).rejects.toMatchObject({
      code: 'store-unusable',
      message: expect.stringContaining(`${directory} is not a directory`) as string,
    });
  });

  const foreign: [string, (path: string) => void][] = [
    ['text', (path) => writeFileSync(path, 'not a database, and long enough to be looked at '.repeat(200))],
    ['nothing', (path) => writeFileSync(path, '')],
    ['the database of another program', (path) => new Database(path).exec('CREATE TABLE customer (name TEXT)').close()],
    [
      'a table like ours, of another program',
      (path) =>
        new Database(path)
          .exec(`CREATE TABLE meta (key, value); INSERT INTO meta VALUES ('log-id', 'x'), ('schema-version', '1')`)
          .close(),
    ],
    ['our mark but none of our tables', (path) => void new Database(path).pragma(`application_id = ${0x504c4f47}`)],
  ];
  it.each(foreign)('refuses a file that holds %s, and leaves it as it is', async (_, write) => {
    const directory = newDirectory();
    const path = join(directory, 'log.db');
    write(path);
    const before = readFileSync(path);
    for (const error of await refusals(directory))
      expect(error).toMatchObject({ code: 'store-corrupt', message: expect.stringContaining(path) as string });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('refuses a torn log and leaves it as it is', async () => {
    const directory = newDirectory();
    const path = join(directory, 'log.db');
    const store = await openEmbeddedStore({ directory, create: true });
    await stored(store, 'server-a', newEvents(500));
    await store.close();
    truncateSync(path, 40_000);
    const before = readFileSync(path);
    for (const error of await refusals(directory))
      expect(error).toMatchObject({ code: 'store-corrupt', message: expect.stringContaining(path) as string });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it.each([
    ['missing', false],
    ['empty', true],
  ])('does not touch the write-ahead log of a log that is %s', async (_, empty) => {
    const directory = newDirectory();
    const lost = join(newDirectory(), 'copy');
    mkdirSync(lost);
    const store = await openEmbeddedStore({ directory, create: true });
    await stored(store, 'server-a', newEvents(5));
    for (const name of readdirSync(directory))
      if (name.endsWith('-wal')) copyFileSync(join(directory, name), join(lost, name));
    await store.close();
    if (empty) writeFileSync(join(lost, 'log.db'), '');
    const before = readFileSync(join(lost, 'log.db-wal'));
    for (const error of await refusals(lost)) expect(error).toMatchObject({ code: 'store-corrupt' });
    expect(readFileSync(join(lost, 'log.db-wal')).equals(before)).toBe(true);
    expect(existsSync(join(lost, 'log.db'))).toBe(empty);
  });

  it('refuses a log of another schema version', async () => {
    const directory = newDirectory();
    await (await openEmbeddedStore({ directory, create: true })).close();
    const db = new Database(join(directory, 'log.db'));
    db.exec(`UPDATE meta SET value = '3' WHERE key = 'schema-version'`).close();
    for (const error of await refusals(directory))
      expect(error).toMatchObject({
        code: 'store-unusable',
        message: expect.stringContaining('schema version 3') as string,
      });
  });

  it('takes a log left half made by a killed engine for no log at all', async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'log.db.creating'), 'half a log');
    const store = await openEmbeddedStore({ directory, create: true });
    expect(await store.head()).toBeUndefined();
    await store.close();
    expect(existsSync(join(directory, 'log.db.creating'))).toBe(false);
  });

  it('notices events that are missing from the middle of the log', async () => {
    const directory = newDirectory();
    const store = await openEmbeddedStore({ directory, create: true });
    await stored(store, 'server-a', newEvents(5));
    await store.close();
    new Database(join(directory, 'log.db')).exec('DELETE FROM event WHERE ordinal = 2').close();
    rmSync(join(directory, 'head'));
    const reader = await openEmbeddedReader(directory);
    await expect(reader.readAll()).rejects.toMatchObject({ code: 'store-corrupt' });
    await reader.close();
  });

  it('frees the directory when it refuses', async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'log.db'), '');
    await expect(openEmbeddedStore({ directory })).rejects.toMatchObject({ code: 'store-corrupt' });
    rmSync(join(directory, 'log.db'));
    await (await openEmbeddedStore({ directory, create: true })).close();
  });
});
