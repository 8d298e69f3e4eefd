import { openEmbeddedStore } from '../../src/event-store/embedded.event-store.js';
import { idsOf, wholeLog } from '../contracts/event-store.check.js';
import { StoreProcess } from './store-process.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();
const kills = 10;

describe('an embedded log whose engine is killed while it appends', () => {
  it('holds everything that was acknowledged, once, without a hole and without half an append', async () => {
    const directory = newDirectory();
    const acknowledged: string[] = [];
    for (let round = 0; round < kills; round++) {
      const engine = StoreProcess.start(directory, 'append');
      try {
        await engine.says(20 + 17 * round);
      } finally {
        await engine.kill();
      }
      expect(engine.said[0]).toHaveProperty('opened');
      acknowledged.push(...engine.said.flatMap((line) => (line['acknowledged'] as string[] | undefined) ?? []));

      const store = await openEmbeddedStore({ directory });
      const log = await wholeLog(store);
      await store.close();
      const ids = new Set(idsOf(log));
      expect(ids.size).toBe(log.length);
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      expect(log.map(({ ordinal }) => ordinal)).toEqual(log.map((_, index) => index));
      expect(log.length % 2).toBe(0);
    }
    expect(acknowledged.length).toBeGreaterThan(kills * 2 * 20);
  }, 120_000);
});
