import { join } from 'node:path';
import { symlinkSync } from 'node:fs';
import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { StoreProcess } from './store-process.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();

describe('the lock of an embedded log', () => {
  it('keeps a second engine out until the first is killed, and names the first', async () => {
    const directory = newDirectory();
    const first = StoreProcess.start(directory, 'hold');
    try {
      const [opened] = await first.says(1);
      const second = StoreProcess.start(directory, 'hold');
      const [refusal] = await second.says(1);
      await second.kill();
      expect(refusal).toMatchObject({ refused: 'store-locked' });
      expect(refusal?.['message']).toContain(directory);
      expect(refusal?.['message']).toContain(`process ${first.pid}`);
      await expect(openEmbeddedStore({ directory })).rejects.toMatchObject({ code: 'store-locked' });

      await first.kill();
      const third = await openEmbeddedStore({ directory });
      expect({ opened: third.logId }).toEqual(opened);
      await third.close();
    } finally {
      await first.kill();
    }
  });

  it('keeps a second engine of the same process out, by whatever path it comes', async () => {
    const directory = newDirectory();
    const alias = join(newDirectory(), 'alias');
    symlinkSync(directory, alias);
    const first = await openEmbeddedStore({ directory, create: true });
    for (const path of [directory, alias])
      await expect(openEmbeddedStore({ directory: path })).rejects.toMatchObject({ code: 'store-locked' });
    // The refused attempts must not have loosened the lock.
    const other = StoreProcess.start(directory, 'hold');
    expect(await other.says(1)).toMatchObject([{ refused: 'store-locked' }]);
    await other.kill();
    await first.close();
    await (await openEmbeddedStore({ directory })).close();
  });

  it('does not hinder a reader', async () => {
    const directory = newDirectory();
    const engine = StoreProcess.start(directory, 'hold');
    try {
      const [opened] = await engine.says(1);
      const reader = await openEmbeddedReader(directory);
      expect({ opened: reader.logId }).toEqual(opened);
      await reader.close();
    } finally {
      await engine.kill();
    }
  });
});
