import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '../../events/index.js';
import { idsOf, newEvents, type StoreCheck, stored, wholeLog } from './event-store.check.js';

export const readChecks: readonly StoreCheck[] = [
  {
    name: 'reads the log in the order of the appends, by pages of any size',
    async run(store) {
      const appended: StoredEvent[] = [];
      for (let round = 0; round < 12; round++)
        appended.push(...(await stored(store, `server-${round % 3}`, newEvents(2))));
      for (const limit of [1, 5, 8, 24, 25]) expect(await wholeLog(store, limit)).toEqual(appended);
      expect(appended.map(({ ordinal }) => ordinal)).toEqual(appended.map((_, index) => index));
      const positions = appended.map(({ position }) => position);
      for (const position of positions) expect(position).toMatch(/^\d+$/);
      expect(positions).toEqual([...positions].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)));
    },
  },
  {
    name: 'reads the log from after any position',
    async run(store) {
      const log = await stored(store, 'server-a', newEvents(7));
      for (const [index, { position }] of log.entries()) {
        const page = await store.readAll({ after: position });
        expect(page).toEqual({ events: log.slice(index + 1), next: undefined });
      }
    },
  },
  {
    name: 'reads a stream in order from any revision, by pages',
    async run(store) {
      for (let round = 0; round < 6; round++) {
        await stored(store, 'server-a', newEvents(1));
        await stored(store, 'server-b', newEvents(1));
      }
      const expected = (await wholeLog(store)).filter(({ stream }) => stream === 'server-a');
      expect(await store.readStream('server-a')).toEqual({ events: expected, next: undefined });
      const read: StoredEvent[] = [];
      let fromRevision: number | undefined = 1;
      for (let pages = 0; fromRevision !== undefined && pages < 10; pages++) {
        const page = await store.readStream('server-a', { fromRevision, limit: 2 });
        expect(page.events.length).toBeLessThanOrEqual(2);
        read.push(...page.events);
        fromRevision = page.next === undefined ? undefined : Number(page.next);
      }
      expect(read).toEqual(expected.slice(1));
    },
  },
  {
    name: 'reads a stream backwards from its end or from any revision, by pages',
    async run(store) {
      for (let round = 0; round < 6; round++) {
        await stored(store, 'server-a', newEvents(1));
        await stored(store, 'server-b', newEvents(1));
      }
      const newestFirst = (await wholeLog(store)).filter(({ stream }) => stream === 'server-a').reverse();
      expect(await store.readStream('server-a', { backwards: true })).toEqual({ events: newestFirst, next: undefined });
      for (const limit of [1, 2, 4])
        for (const start of [undefined, 5, 3, 0]) {
          const read: StoredEvent[] = [];
          let fromRevision: number | undefined = start;
          for (let pages = 0; pages < 10; pages++) {
            const page = await store.readStream('server-a', {
              backwards: true,
              limit,
              ...(fromRevision === undefined ? {} : { fromRevision }),
            });
            expect(page.events.length).toBeLessThanOrEqual(limit);
            read.push(...page.events);
            if (page.next === undefined) break;
            fromRevision = Number(page.next);
          }
          expect(read).toEqual(newestFirst.slice(5 - (start ?? 5)));
        }
      expect(await store.readStream('server-z', { backwards: true })).toEqual({ events: [], next: undefined });
    },
  },
  {
    name: 'reads the log backwards from its end or from before any position, by pages',
    async run(store) {
      expect(await store.readAll({ backwards: true })).toEqual({ events: [], next: undefined });
      for (let round = 0; round < 7; round++) await stored(store, `server-${round % 2}`, newEvents(1));
      const log = await wholeLog(store);
      const newestFirst = [...log].reverse();
      expect(await store.readAll({ backwards: true })).toEqual({ events: newestFirst, next: undefined });
      for (const limit of [1, 3, 7])
        for (const start of [undefined, ...log.map(({ position }) => position)]) {
          const read: StoredEvent[] = [];
          let after = start;
          for (let pages = 0; pages < 10; pages++) {
            const page = await store.readAll({ backwards: true, limit, ...(after === undefined ? {} : { after }) });
            expect(page.events.length).toBeLessThanOrEqual(limit);
            read.push(...page.events);
            if (page.next === undefined) break;
            after = page.next;
          }
          const before = start === undefined ? 7 : log.findIndex(({ position }) => position === start);
          expect(read).toEqual(newestFirst.slice(7 - before));
        }
    },
  },
  {
    name: 'says that it is well while it works, and not that it is broken',
    async run(store) {
      let broken = false;
      void store.broken.then(() => (broken = true));
      await stored(store, 'server-a', newEvents(1));
      expect(store.health()).toMatchObject({ ok: true, readOnly: false });
      expect(store.health().detail).not.toBe('');
      expect(broken).toBe(false);
    },
  },
  {
    name: 'reads a stream nobody wrote as empty',
    async run(store) {
      await stored(store, 'server-a', newEvents(1));
      expect(await store.readStream('server-z')).toEqual({ events: [], next: undefined });
    },
  },
  {
    name: 'reads the events of any ordinals, each once and in their order',
    async run(store) {
      expect(await store.readAt([0])).toEqual([]);
      for (let round = 0; round < 6; round++) await stored(store, `server-${round % 2}`, newEvents(2));
      const log = await wholeLog(store);
      const asked = [[], [0], [11], [3, 4, 5], [7, 2, 9, 2, 10], [11, 12, 4000], log.map(({ ordinal }) => ordinal)];
      for (const ordinals of asked)
        expect(await store.readAt(ordinals)).toEqual(log.filter(({ ordinal }) => ordinals.includes(ordinal)));
    },
  },
  {
    name: 'names the events of several streams by their ordinals, in the order of the log',
    async run(store) {
      expect(await store.ordinalsOf(['server-a'])).toEqual([]);
      for (let round = 0; round < 12; round++) await stored(store, `server-${'abcd'[round % 4]}`, newEvents(2));
      const log = await wholeLog(store);
      const asked = [[], ['server-z'], ['server-c'], ['server-b', 'server-z', 'server-a'], ['server-d', 'server-d']];
      for (const streams of asked) {
        const expected = log.filter(({ stream }) => streams.includes(stream));
        expect(await store.ordinalsOf(streams)).toEqual(expected.map(({ ordinal }) => ordinal));
        expect(await store.readAt(await store.ordinalsOf(streams))).toEqual(expected);
      }
    },
  },
  {
    name: 'finds an event by its id',
    async run(store) {
      const log = await stored(store, 'server-a', newEvents(3));
      for (const event of log) expect(await store.findById(event.id)).toEqual(event);
      expect(await store.findById(randomUUID())).toBeUndefined();
    },
  },
  {
    name: 'names the last event of the log',
    async run(store) {
      expect(await store.head()).toBeUndefined();
      const [, last] = await stored(store, 'server-a', newEvents(2));
      expect(await store.head()).toEqual(last);
      const [later] = await stored(store, 'server-b', newEvents(1));
      expect(await store.head()).toEqual(later);
    },
  },
  {
    name: 'refuses a text that is no position and a page of nothing',
    async run(store) {
      const [event] = await stored(store, 'server-a', newEvents(1));
      expect(idsOf((await store.readAll()).events)).toEqual([event?.id]);
      for (const after of ['', 'soon', '-1', '1.5', ' 1'])
        await expect(store.readAll({ after })).rejects.toThrow(RangeError);
      await expect(store.readAll({ limit: 0 })).rejects.toThrow(RangeError);
    },
  },
];
