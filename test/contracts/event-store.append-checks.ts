import { randomUUID } from 'node:crypto';
import type { AppendOutcome } from '../../src/event-store/event-store.port.js';
import { idsOf, newEvent, newEvents, type StoreCheck, stored, wholeLog } from './event-store.check.js';

export const appendChecks: readonly StoreCheck[] = [
  {
    name: 'stores events after the expected revision and returns them as they are read',
    async run(store) {
      const [first, second, third] = newEvents(3);
      if (!first || !second || !third) throw new Error('three events were asked for');
      const start = await store.append({ stream: 'server-a', expected: -1, events: [first] });
      const more = await store.append({ stream: 'server-a', expected: 0, events: [second, third] });
      const answered = [start, more].flatMap((answer) => (answer.outcome === 'stored' ? answer.events : []));
      expect(idsOf(answered)).toEqual(idsOf([first, second, third]));
      expect(answered.map(({ revision }) => revision)).toEqual([0, 1, 2]);
      expect(answered.map(({ stream }) => stream)).toEqual(['server-a', 'server-a', 'server-a']);
      expect(await wholeLog(store)).toEqual(answered);
    },
  },
  {
    name: 'refuses an append at another than the expected revision and stores nothing of it',
    async run(store) {
      await stored(store, 'server-a', newEvents(2));
      const before = await wholeLog(store);
      for (const expected of [-1, 0, 2])
        expect(await store.append({ stream: 'server-a', expected, events: newEvents(2) })).toEqual({
          outcome: 'wrong-revision',
          expected,
          actual: 1,
        });
      expect(await store.append({ stream: 'server-b', expected: 0, events: newEvents(1) })).toEqual({
        outcome: 'wrong-revision',
        expected: 0,
        actual: -1,
      });
      expect(await wholeLog(store)).toEqual(before);
    },
  },
  {
    name: 'appends at any revision, to a new stream and to one that exists',
    async run(store) {
      await stored(store, 'server-a', newEvents(1));
      const [again] = await stored(store, 'server-a', newEvents(1));
      const [other] = await stored(store, 'server-b', newEvents(1));
      expect([again?.revision, other?.revision]).toEqual([1, 0]);
    },
  },
  {
    name: 'answers a repeated append with the events as first stored, whatever revision is expected',
    async run(store) {
      const events = newEvents(2);
      const first = await stored(store, 'server-a', events);
      await stored(store, 'server-a', newEvents(1));
      const before = await wholeLog(store);
      for (const expected of ['any', -1, 1, 2, 99] as const)
        expect(await store.append({ stream: 'server-a', expected, events })).toEqual({
          outcome: 'duplicate',
          events: first,
        });
      expect(await wholeLog(store)).toEqual(before);
    },
  },
  {
    name: 'refuses an id that stands in another stream',
    async run(store) {
      const [taken] = await stored(store, 'server-a', newEvents(1));
      const id = taken?.id ?? '';
      const events = [newEvent(), newEvent('again', id)];
      expect(await store.append({ stream: 'server-b', expected: 'any', events })).toEqual({
        outcome: 'id-conflict',
        id,
      });
      expect((await store.readStream('server-b')).events).toEqual([]);
    },
  },
  {
    name: 'refuses an append of which only a part is stored, or that names an id twice',
    async run(store) {
      const [taken] = await stored(store, 'server-a', newEvents(1));
      const id = taken?.id ?? '';
      const half = [newEvent(), newEvent('again', id)];
      expect(await store.append({ stream: 'server-a', expected: 0, events: half })).toEqual({
        outcome: 'id-conflict',
        id,
      });
      const twin = randomUUID();
      const twins = [newEvent(1, twin), newEvent(2, twin)];
      expect(await store.append({ stream: 'server-a', expected: 0, events: twins })).toEqual({
        outcome: 'id-conflict',
        id: twin,
      });
      expect(idsOf(await wholeLog(store))).toEqual([id]);
    },
  },
  {
    name: 'lets one of many concurrent appends at the same revision win',
    async run(store) {
      const answers = await Promise.all(
        newEvents(20).map((event) => store.append({ stream: 'server-a', expected: -1, events: [event] })),
      );
      const outcomes = answers.map(({ outcome }) => outcome).sort();
      expect(outcomes).toEqual(['stored', ...Array<string>(19).fill('wrong-revision')]);
      expect(await wholeLog(store)).toHaveLength(1);
    },
  },
  {
    name: 'stores each of many concurrent appends once, its events side by side',
    async run(store) {
      const appends = Array.from({ length: 30 }, (_, index) => ({
        stream: `server-${index % 3}`,
        events: newEvents(3),
      }));
      const answered = await Promise.all(appends.map(({ stream, events }) => stored(store, stream, events)));
      for (const events of answered) {
        const start = events[0]?.ordinal ?? NaN;
        expect(events.map(({ ordinal }) => ordinal)).toEqual([start, start + 1, start + 2]);
      }
      const log = await wholeLog(store);
      expect(log.map(({ ordinal }) => ordinal)).toEqual(log.map((_, index) => index));
      expect(idsOf(log).sort()).toEqual(idsOf(appends.flatMap(({ events }) => events)).sort());
      for (const stream of ['server-0', 'server-1', 'server-2'])
        expect(log.filter((event) => event.stream === stream).map(({ revision }) => revision)).toEqual(
          Array.from({ length: 30 }, (_, index) => index),
        );
    },
  },
  {
    name: 'keeps the exact revisions of several writers that race for the same streams and try again',
    async run(store) {
      const streams = ['server-0', 'server-1'];
      const writers = Array.from({ length: 6 }, async (_, writer) => {
        let refusals = 0;
        for (const [turn, event] of newEvents(8).entries()) {
          const stream = streams[(writer + turn) % 2] ?? '';
          let expected = -1;
          // Each refusal means that another writer got on, so there are never more of them than events.
          for (let tries = 0; ; tries++) {
            if (tries > 60) throw new Error(`writer ${writer} never got its turn in ${stream}`);
            const answer = await store.append({ stream, expected, events: [event] });
            if (answer.outcome === 'stored') break;
            if (answer.outcome !== 'wrong-revision') throw new Error(`writer ${writer} was answered ${answer.outcome}`);
            expect(answer.expected).toBe(expected);
            expected = answer.actual;
            refusals++;
          }
        }
        return refusals;
      });
      const refusals = (await Promise.all(writers)).reduce((sum, count) => sum + count, 0);
      expect(refusals).toBeGreaterThan(0);
      const log = await wholeLog(store);
      expect(log.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 48 }, (_, index) => index));
      for (const stream of streams) {
        const { events } = await store.readStream(stream);
        expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: 24 }, (_, index) => index));
        expect(log.filter((event) => event.stream === stream)).toEqual(events);
      }
    },
  },
  {
    name: 'stores the same concurrent append once, however often it is sent at the same time',
    async run(store) {
      const events = newEvents(3);
      const sent = Array.from({ length: 12 }, () => store.append({ stream: 'server-a', expected: 'any', events }));
      const answers = await Promise.all([...sent, stored(store, 'server-b', newEvents(1))]).then((all) =>
        all.slice(0, 12).map((answer) => answer as AppendOutcome),
      );
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual([...Array<string>(11).fill('duplicate'), 'stored']);
      const first = answers.find(({ outcome }) => outcome === 'stored');
      const inLog = (await wholeLog(store)).filter(({ stream }) => stream === 'server-a');
      expect(idsOf(inLog)).toEqual(idsOf(events));
      for (const answer of answers) expect('events' in answer && answer.events).toEqual(inLog);
      expect(first && 'events' in first && first.events).toEqual(inLog);
    },
  },
  {
    name: 'stores many large events at once and reads them in one page',
    async run(store) {
      const events = Array.from({ length: 12 }, (_, index) => newEvent(`${index} ${'é😀x'.repeat(8_000)}`));
      const answered = await stored(store, 'server-a', events);
      expect(answered.map(({ data }) => data)).toEqual(events.map(({ data }) => data));
      expect((await store.readAll()).events).toEqual(answered);
      expect((await store.readStream('server-a', { backwards: true })).events).toEqual([...answered].reverse());
    },
  },
  {
    name: 'gives data and metadata back as they were when they were handed over, up to 64 KiB',
    async run(store) {
      const data = {
        large: 'é€😀\u2028"\\\u0000'.repeat(5000),
        numbers: [0, -1, 1e21, 0.1, 5e-324, Number.MAX_SAFE_INTEGER],
        nested: { list: [[], {}, [null, true]], '': 'no name', ['__proto__']: 'a name like any other' },
      };
      const event = { ...newEvent(), data, metadata: { ...newEvent().metadata, causedBy: [randomUUID()] } };
      const asGiven = structuredClone(event);
      const appending = store.append({ stream: 'server-ä', expected: -1, events: [event] });
      data.numbers.push(99);
      await appending;
      const read = await store.findById(event.id);
      expect({ id: read?.id, type: read?.type, data: read?.data }).toEqual({
        id: asGiven.id,
        type: asGiven.type,
        data: asGiven.data,
      });
      expect(read?.stream).toBe('server-ä');
      expect(read?.metadata).toEqual({ ...asGiven.metadata, recordedAt: read?.metadata.recordedAt });
    },
  },
  {
    name: 'stamps when each event was stored, in UTC with milliseconds, never decreasing along the log',
    async run(store) {
      for (let round = 0; round < 5; round++) await stored(store, `server-${round % 2}`, newEvents(2));
      const stamps = (await wholeLog(store)).map(({ metadata }) => metadata.recordedAt);
      expect(stamps).toHaveLength(10);
      for (const stamp of stamps) expect(stamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(stamps).toEqual([...stamps].sort());
    },
  },
  {
    name: 'answers several appends in order, and a refused one skips only itself',
    async run(store) {
      const [early] = await stored(store, 'server-a', newEvents(1));
      const id = early?.id ?? '';
      const [first, second, last] = [newEvent(1), newEvent(2), newEvent(3)];
      const answers = await store.appendMany([
        { stream: 'server-b', expected: -1, events: [first] },
        { stream: 'server-b', expected: -1, events: [newEvent('too late')] },
        { stream: 'server-c', expected: 'any', events: [newEvent('elsewhere', id)] },
        { stream: 'server-b', expected: 0, events: [second] },
        { stream: 'server-b', expected: 'any', events: [first] },
        { stream: 'server-a', expected: 0, events: [last] },
      ]);
      expect(answers.map(summary)).toEqual([
        ['stored', first.id],
        ['wrong-revision'],
        ['id-conflict'],
        ['stored', second.id],
        ['duplicate', first.id],
        ['stored', last.id],
      ]);
      expect(idsOf(await wholeLog(store))).toEqual([id, first.id, second.id, last.id]);
      expect(await store.appendMany([])).toEqual([]);
    },
  },
  {
    name: 'stores several appends in their order where every id is new, and else none of them',
    async run(store) {
      const [early] = await stored(store, 'server-a', newEvents(1));
      const [first, second, third, fourth] = newEvents(4);
      if (!early || !first || !second || !third || !fourth) throw new Error('five events were asked for');
      const twice = newEvent('twice');
      const inVain = [
        [
          ['server-b', newEvent()],
          ['server-a', newEvent('again', early.id)],
          ['server-c', newEvent()],
        ],
        [
          ['server-a', newEvent()],
          ['server-b', newEvent('elsewhere', early.id)],
        ],
        [
          ['server-b', twice],
          ['server-a', newEvent()],
          ['server-b', twice],
        ],
      ] as const;
      for (const appends of inVain) {
        const requests = appends.map(([stream, event]) => ({ stream, events: [event] }));
        expect(await store.appendNew(requests)).toBeUndefined();
        expect(await wholeLog(store)).toEqual([early]);
      }
      const answered = await store.appendNew([
        { stream: 'server-b', events: [first, second] },
        { stream: 'server-a', events: [third] },
        { stream: 'server-b', events: [fourth] },
      ]);
      expect(answered?.map(({ id, stream, revision }) => [id, stream, revision])).toEqual([
        [first.id, 'server-b', 0],
        [second.id, 'server-b', 1],
        [third.id, 'server-a', 1],
        [fourth.id, 'server-b', 2],
      ]);
      expect(await wholeLog(store)).toEqual([early, ...(answered ?? [])]);
      const { size } = await store.tree.head();
      expect(size).toBe(5);
      expect(await store.appendNew([])).toEqual([]);
    },
  },
];

function summary(answer: AppendOutcome): string[] {
  return [answer.outcome, ...('events' in answer ? idsOf(answer.events) : [])];
}
