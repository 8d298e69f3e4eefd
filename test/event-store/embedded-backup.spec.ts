import Database from 'better-sqlite3';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backupEmbedded, type BackupProgress } from '../../src/event-store/embedded/backup.js';
import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { idsOf, newEvents, stored, wholeLog } from '../contracts/event-store.check.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();

describe('a backup', () => {
  it('is a log of its own, made while an engine writes, with all that was acknowledged before it began', async () => {
    const directory = newDirectory();
    const target = join(newDirectory(), 'copy');
    const store = await openEmbeddedStore({ directory, create: true });
    for (let round = 0; round < 5; round++) await stored(store, `server-${round}`, newEvents(900));
    let writing = true;
    const writer = (async () => {
      for (let round = 0; writing && round < 5000; round++) await stored(store, `server-${round % 7}`, newEvents(3));
    })();
    const progress: BackupProgress[] = [];
    const head = await backupEmbedded(directory, target, (step) => progress.push(step));
    writing = false;
    await writer;
    const log = await wholeLog(store);
    expect(head.size).toBeGreaterThanOrEqual(4500);
    expect(head).toEqual({ size: head.size, root: await store.tree.rootAt(head.size) });
    await store.close();
    expect(new Set(progress.map(({ phase }) => phase))).toEqual(new Set(['copying', 'verifying']));
    expect(readdirSync(target).sort()).toContain('head');
    const restored = await openEmbeddedStore({ directory: target });
    expect(restored.logId).toBe(store.logId);
    expect(await wholeLog(restored)).toEqual(log.slice(0, head.size));
    expect(restored.health().detail).not.toContain('made anew');
    await stored(restored, 'server-0', newEvents(1));
    await restored.close();
  });

  it('is refused where something stands already, and leaves that alone', async () => {
    const directory = newDirectory();
    await (await openEmbeddedStore({ directory, create: true })).close();
    const target = newDirectory();
    writeFileSync(join(target, 'mine'), 'keep');
    await expect(backupEmbedded(directory, target)).rejects.toMatchObject({ code: 'store-unusable' });
    expect(readdirSync(target)).toEqual(['mine']);
    await expect(backupEmbedded(directory, directory)).rejects.toMatchObject({ code: 'store-unusable' });
    await expect(backupEmbedded(newDirectory(), newDirectory())).rejects.toMatchObject({ code: 'store-path-missing' });
  });

  it('of a log that is damaged is reported, marked as bad and opened by nobody', async () => {
    const directory = newDirectory();
    const target = newDirectory();
    const store = await openEmbeddedStore({ directory, create: true });
    const events = await stored(store, 'server-a', newEvents(500));
    await store.close();
    const changed = events[40]?.id ?? '';
    new Database(join(directory, 'log.db')).exec(`UPDATE event SET data = '{}' WHERE id = '${changed}'`).close();
    await expect(backupEmbedded(directory, target)).rejects.toMatchObject({
      name: 'StoreError',
      code: 'store-corrupt',
      message: expect.stringMatching(/backup .* not usable.* ordinal 40/) as string,
    });
    expect(readdirSync(target)).toContain('log.db.bad');
    expect(readdirSync(target)).not.toContain('log.db');
    await expect(openEmbeddedReader(target)).rejects.toMatchObject({ code: 'store-path-missing' });
    expect(idsOf(events)).toHaveLength(500);
  });
});
