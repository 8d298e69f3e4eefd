import Database from 'better-sqlite3';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { newEvents, stored, wholeLog } from '../contracts/event-store.check.js';
import { independentLeaf, treeHash } from '../contracts/rfc-6962.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();

/** Every file of a directory but SQLite's shared memory, which is made anew at each opening. */
function filesOf(directory: string): Map<string, string> {
  const names = readdirSync(directory).filter((name) => !name.endsWith('-shm') && !name.startsWith('writer.'));
  return new Map(names.map((name) => [name, readFileSync(join(directory, name), 'latin1')]));
}

/** Both ways of opening are refused as corrupt, name the cure, and leave every file that was there as it was. */
async function expectRefused(directory: string, what: string): Promise<void> {
  const before = filesOf(directory);
  const refused = { name: 'StoreError', code: 'store-corrupt', message: expect.stringContaining(what) as string };
  await expect(openEmbeddedStore({ directory })).rejects.toMatchObject(refused);
  await expect(openEmbeddedReader(directory)).rejects.toMatchObject(refused);
  await expect(openEmbeddedStore({ directory })).rejects.toMatchObject({
    message: expect.stringMatching(/Nothing was changed\. Restore .* or, knowing .*, remove .*head/) as string,
  });
  for (const [name, content] of before)
    expect([name, readFileSync(join(directory, name), 'latin1')]).toEqual([name, content]);
}

async function logOf(count: number, directory = newDirectory()): Promise<string> {
  const store = await openEmbeddedStore({ directory, create: true });
  await stored(store, 'server-a', newEvents(count));
  await store.close();
  return directory;
}

describe('the head file', () => {
  it('says after each append, before it is answered, which log, how many events and which root', async () => {
    const directory = newDirectory();
    const store = await openEmbeddedStore({ directory, create: true });
    for (const count of [1, 2, 300]) {
      await stored(store, 'server-a', newEvents(count));
      const said = readFileSync(join(directory, 'head'), 'utf8');
      const root = treeHash((await wholeLog(store)).map(independentLeaf));
      const size = (await wholeLog(store)).length;
      expect(said).toMatch(
        new RegExp(`^portledger-head 1 ${store.logId} +${size} ${root.toString('hex')} [0-9a-f]{16}\n$`),
      );
    }
    await store.close();
  });

  it('refuses a log that is shorter than it says', async () => {
    const directory = await logOf(20);
    const older = newDirectory();
    copyFileSync(join(directory, 'log.db'), join(older, 'log.db'));
    await logOf(1, directory);
    copyFileSync(join(directory, 'head'), join(older, 'head'));
    await expectRefused(older, 'holds 20 events, but');
  });

  it('refuses a log of the same length with other events', async () => {
    const [one, other] = [await logOf(20), await logOf(20)];
    const db = new Database(join(one, 'log.db'));
    const id = db.prepare(`SELECT value FROM meta WHERE key = 'log-id'`).pluck().get();
    db.close();
    new Database(join(other, 'log.db')).exec(`UPDATE meta SET value = '${String(id)}' WHERE key = 'log-id'`).close();
    copyFileSync(join(one, 'head'), join(other, 'head'));
    await expectRefused(other, 'another root');
  });

  it('refuses the head of another log', async () => {
    const [one, other] = [await logOf(3), await logOf(3)];
    copyFileSync(join(one, 'head'), join(other, 'head'));
    await expectRefused(other, 'was written for log');
  });

  it.each([
    ['empty', () => ''],
    ['cut', (text: string) => text.slice(0, 100)],
    ['longer', (text: string) => `${text}${text}`],
    ['another size by one digit', (text: string) => text.replace(' 3 ', ' 2 ')],
    [
      'another root by one digit',
      (text: string) =>
        text.replace(/(.)( \w{16}\n)$/, (_, digit, rest) => `${digit === '0' ? '1' : '0'}${String(rest)}`),
    ],
  ])('is refused when it is %s', async (_, change) => {
    const directory = await logOf(3);
    const path = join(directory, 'head');
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    await expectRefused(directory, 'is not readable as the head of a log');
  });

  it('may say less than the log holds, as after a kill between commit and head', async () => {
    const directory = await logOf(3);
    const path = join(directory, 'head');
    const early = readFileSync(path);
    await logOf(300, directory);
    writeFileSync(path, early);
    const store = await openEmbeddedStore({ directory });
    expect(await wholeLog(store)).toHaveLength(303);
    expect(store.health()).toMatchObject({ ok: true });
    await store.close();
  });

  it('is made anew where it is missing, and health says so', async () => {
    const directory = await logOf(3);
    const whole = readFileSync(join(directory, 'head'), 'utf8');
    rmSync(join(directory, 'head'));
    const reader = await openEmbeddedReader(directory);
    expect(await wholeLog(reader)).toHaveLength(3);
    await reader.close();
    expect(existsSync(join(directory, 'head'))).toBe(false);
    const store = await openEmbeddedStore({ directory });
    expect(readFileSync(join(directory, 'head'), 'utf8')).toBe(whole);
    expect(store.health().detail).toContain('head file');
    expect(store.health().detail).toContain('made anew');
    await store.close();
    expect(statSync(join(directory, 'head')).size).toBe(154);
  });
});
