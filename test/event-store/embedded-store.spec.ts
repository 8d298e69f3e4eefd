import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { eventually, idsOf, newEvent, newEvents, stored, wholeLog } from '../contracts/event-store.check.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();

describe('the embedded event store', () => {
  it('keeps its log and its id over a restart', async () => {
    const directory = newDirectory();
    const first = await openEmbeddedStore({ directory, create: true });
    const events = await stored(first, 'server-a', newEvents(3));
    await first.close();
    const second = await openEmbeddedStore({ directory });
    expect(second.logId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(second.logId).toBe(first.logId);
    expect(await wholeLog(second)).toEqual(events);
    const [next] = await stored(second, 'server-a', newEvents(1));
    expect([next?.ordinal, next?.revision]).toEqual([3, 3]);
    await second.close();
  });

  it('stamps no event earlier than the one before it when the clock jumps back, not even over a restart', async () => {
    const directory = newDirectory();
    const clock = [2000, 1000, 3000, 500];
    const now = (): number => clock.shift() ?? NaN;
    const first = await openEmbeddedStore({ directory, create: true, now });
    for (let count = 0; count < 3; count++) await stored(first, 'server-a', newEvents(1));
    await first.close();
    const second = await openEmbeddedStore({ directory, now });
    await stored(second, 'server-a', newEvents(1));
    const stamps = (await wholeLog(second)).map(({ metadata }) => Date.parse(metadata.recordedAt));
    await second.close();
    expect(stamps).toEqual([2000, 2000, 3000, 3000]);
  });

  it('answers the appends it was given before it closes, and nothing after', async () => {
    const directory = newDirectory();
    const store = await openEmbeddedStore({ directory, create: true });
    const dropped: Error[] = [];
    store.subscribe(undefined, { onEvents: () => {}, onCaughtUp: () => {}, onDropped: (error) => dropped.push(error) });
    const appends = newEvents(20).map((event) => stored(store, 'server-a', [event]));
    await store.close();
    const acknowledged = (await Promise.all(appends)).flat();
    const closed = { name: 'StoreError', code: 'store-closed' };
    await expect(store.append({ stream: 'a', expected: 'any', events: newEvents(1) })).rejects.toMatchObject(closed);
    for (const read of [store.readAll(), store.readStream('a'), store.findById('a'), store.head()])
      await expect(read).rejects.toMatchObject(closed);
    expect(dropped).toMatchObject([closed]);
    await store.close();
    const reader = await openEmbeddedReader(directory);
    expect(idsOf(await wholeLog(reader))).toEqual(idsOf(acknowledged));
    await reader.close();
  });

  it('refuses data that is not JSON and stores nothing of that call', async () => {
    const store = await openEmbeddedStore({ directory: newDirectory(), create: true });
    const bad = [
      newEvent('a\ud83d'),
      newEvent(NaN),
      { ...newEvent(), data: new Date(0) },
      { ...newEvent(), type: '\udead' },
    ];
    for (const event of bad)
      await expect(
        store.appendMany([
          { stream: 'server-a', expected: 'any', events: newEvents(1) },
          { stream: 'server-a', expected: 'any', events: [event] },
        ]),
      ).rejects.toMatchObject({ name: 'NotJson' });
    expect(await store.head()).toBeUndefined();
    expect(await stored(store, 'server-a', newEvents(1))).toHaveLength(1);
    await store.close();
  });
});

describe('the reader of an embedded log', () => {
  it('reads while the engine writes, follows it, and never appends', async () => {
    const directory = newDirectory();
    const engine = await openEmbeddedStore({ directory, create: true });
    const before = await stored(engine, 'server-a', newEvents(2));
    const reader = await openEmbeddedReader(directory);
    expect(reader.logId).toBe(engine.logId);
    expect(await wholeLog(reader)).toEqual(before);
    const seen: string[] = [];
    let caughtUp = 0;
    const following = reader.subscribe(before[0]?.position, {
      onEvents: (events) => void seen.push(...idsOf(events)),
      onCaughtUp: () => caughtUp++,
      onDropped: () => {},
    });
    await eventually(() => caughtUp === 1, 'the reader catches up');
    const after = await stored(engine, 'server-b', newEvents(2));
    await eventually(() => caughtUp === 2, 'the reader catches up with the engine');
    await following.close();
    expect(seen).toEqual(idsOf([...before, ...after]).slice(1));
    await expect(reader.append({ stream: 'a', expected: 'any', events: newEvents(1) })).rejects.toMatchObject({
      name: 'StoreError',
      code: 'store-unusable',
    });
    await reader.close();
    await engine.close();
  });
});
