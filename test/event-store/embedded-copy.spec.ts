import type { StoredEvent } from '../../events/index.js';
import { openEmbeddedCopy } from '../../src/event-store/embedded/copy.js';
import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { TreeHead } from '../../src/event-store/event-store.port.js';
import { newEvents, stored, wholeLog } from '../contracts/event-store.check.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();

interface Original {
  readonly logId: string;
  readonly log: StoredEvent[];
  readonly head: TreeHead;
}

async function original(): Promise<Original> {
  const store = await openEmbeddedStore({ directory: newDirectory(), create: true });
  for (const stream of ['server-a', 'server-b', 'server-a']) await stored(store, stream, newEvents(200));
  const [log, head] = [await wholeLog(store), await store.tree.head()];
  await store.close();
  return { logId: store.logId, log, head };
}

describe('a copy of a log', () => {
  it('is the same log: id, events, stamps and tree head', async () => {
    const { logId, log, head } = await original();
    const directory = newDirectory();
    const copy = await openEmbeddedCopy({ directory, logId });
    for (let at = 0; at < log.length; at += 70) await copy.add(log.slice(at, at + 70));
    expect(copy.size).toBe(600);
    await copy.finish(head);
    await copy.close();
    const store = await openEmbeddedStore({ directory });
    expect(store.logId).toBe(logId);
    expect(await wholeLog(store)).toEqual(log);
    expect(await store.tree.head()).toEqual(head);
    expect(store.health().detail).not.toContain('made anew');
    const [next] = await stored(store, 'server-a', newEvents(1));
    expect([next?.ordinal, next?.revision]).toEqual([600, 400]);
    await store.close();
  });

  it('goes on where it was interrupted, and nobody opens it as a log before that', async () => {
    const { logId, log, head } = await original();
    const directory = newDirectory();
    const first = await openEmbeddedCopy({ directory, logId });
    await first.add(log.slice(0, 100));
    await first.close();
    const unfinished = {
      name: 'StoreError',
      code: 'store-unusable',
      message: expect.stringContaining('unfinished copy') as string,
    };
    await expect(openEmbeddedStore({ directory })).rejects.toMatchObject(unfinished);
    await expect(openEmbeddedReader(directory)).rejects.toMatchObject(unfinished);
    const second = await openEmbeddedCopy({ directory, logId });
    expect(second.size).toBe(100);
    await second.add(log.slice(100));
    await second.finish(head);
    await second.close();
    const reader = await openEmbeddedReader(directory);
    expect(await wholeLog(reader)).toEqual(log);
    await reader.close();
  });

  it('refuses events that do not go on from what it holds, and stores nothing of them', async () => {
    const { logId, log } = await original();
    const copy = await openEmbeddedCopy({ directory: newDirectory(), logId });
    await copy.add(log.slice(0, 10));
    const [tenth, eleventh] = [log[10], log[11]];
    if (tenth === undefined || eleventh === undefined) throw new Error('the log has 600 events');
    for (const events of [
      [eleventh],
      [tenth, tenth],
      [{ ...tenth, revision: 11 }],
      [tenth, { ...eleventh, id: log[0]?.id ?? '' }],
      [tenth, { ...eleventh, ordinal: 12 }],
    ])
      await expect(copy.add(events)).rejects.toMatchObject({ name: 'StoreError', code: 'copy-differs' });
    expect(copy.size).toBe(10);
    await copy.add([tenth, eleventh]);
    expect(copy.size).toBe(12);
    await copy.close();
  });

  it('does not become a log when its tree head is another', async () => {
    const { logId, log, head } = await original();
    const directory = newDirectory();
    const copy = await openEmbeddedCopy({ directory, logId });
    await copy.add(log.map((event) => (event.ordinal === 300 ? { ...event, data: { changed: true } } : event)));
    await expect(copy.finish(head)).rejects.toMatchObject({ name: 'StoreError', code: 'copy-differs' });
    await copy.close();
    await expect(openEmbeddedStore({ directory })).rejects.toMatchObject({ code: 'store-unusable' });
  });

  it('takes no directory with a log in it, nor one that an engine or another copy has', async () => {
    const { logId } = await original();
    const directory = newDirectory();
    const store = await openEmbeddedStore({ directory, create: true });
    await expect(openEmbeddedCopy({ directory, logId })).rejects.toMatchObject({ code: 'store-locked' });
    await store.close();
    await expect(openEmbeddedCopy({ directory, logId })).rejects.toMatchObject({ code: 'store-unusable' });
    const other = newDirectory();
    const copy = await openEmbeddedCopy({ directory: other, logId });
    await expect(openEmbeddedCopy({ directory: other, logId })).rejects.toMatchObject({ code: 'store-locked' });
    await copy.close();
    await expect(openEmbeddedCopy({ directory: other, logId: store.logId })).rejects.toMatchObject({
      code: 'store-unusable',
      message: expect.stringContaining(logId) as string,
    });
  });
});
