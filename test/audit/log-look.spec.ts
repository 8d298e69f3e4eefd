import fc from '../support/property.js';
import type { StoredEvent } from '../../events/index.js';
import { fitting, type LogFilter, readLogFilter, spellLogFilter } from '../../src/audit/log-filter.js';
import { eventCauses } from '../../src/audit/log-look/log-causes.js';
import { LogCounts } from '../../src/audit/log-look/log-density.js';
import { exportedLines } from '../../src/audit/log-look/log-export.js';
import { TimeSlots } from '../../src/audit/log-look/time-slots.js';
import { logPage, LogStandsStill, type LogView } from '../../src/audit/log-page.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { addSamples, allEvents, sampleLog } from '../event-store/transfer/sample-log.js';
import { tempDirectory } from '../support/temp-directory.js';
import { MemoryLog } from './memory-log.js';

const directory = tempDirectory();
let store: EventStore;
let all: readonly StoredEvent[];
beforeAll(async () => {
  store = await sampleLog(directory, 60);
  for (let round = 0; round < 10; round++) await addSamples(store, 6);
  all = await allEvents(store);
});
afterAll(() => store.close());

/** A store that answers otherwise when it is asked for what comes next. */
const readingBy = (log: LogView, readAll: LogView['readAll']): LogView =>
  new Proxy(log, { get: (target, name) => (name === 'readAll' ? readAll : bound(target, name)) });

function bound(log: LogView, name: string | symbol): unknown {
  const part: unknown = Reflect.get(log, name);
  return typeof part === 'function' ? (part.bind(log) as unknown) : part;
}

const oneOf = (names: readonly string[]) => fc.option(fc.constantFrom(...names), { nil: undefined });
/** Ends of a span: when some event was recorded, or none. */
const ends = fc.tuple(fc.option(fc.nat(119), { nil: undefined }), fc.option(fc.nat(119), { nil: undefined }));
const asked = fc.record({
  beginning: oneOf(['sample-', 'sample-1', 'other']),
  stream: oneOf(['sample-1', 'sample-2']),
  type: oneOf(['Third', 'Third,Sample', 'None']),
  notType: oneOf(['Sample', 'Third', 'None, Third']),
  ends,
});

function filterOf({
  ends: [from, to],
  beginning,
  ...rest
}: typeof asked extends fc.Arbitrary<infer T> ? T : never): LogFilter {
  // A stream has one beginning.
  const names = rest.stream === undefined ? { ...rest, beginning } : rest;
  const at = (index: number | undefined): number | undefined =>
    index === undefined ? undefined : Date.parse(all[index]?.metadata.recordedAt ?? '');
  const [first, last] = [at(from), at(to)];
  const span = { ...(first === undefined ? {} : { from: first }), ...(last === undefined ? {} : { to: last }) };
  const given = Object.fromEntries(Object.entries(names).filter(([, text]) => text !== undefined)) as LogFilter;
  return first === undefined && last === undefined ? given : { ...given, recorded: span };
}

describe('a filter of the log', () => {
  it('lets the list and the export hand out the same events, those that fit, both ways', async () => {
    await fc.assert(
      fc.asyncProperty(asked, fc.boolean(), fc.integer({ min: 1, max: 50 }), async (one, backwards, limit) => {
        const filter = filterOf(one);
        const listed: StoredEvent[] = [];
        let after: string | undefined;
        do {
          const page = await logPage(store, { ...filter, backwards, limit, ...(after === undefined ? {} : { after }) });
          listed.push(...page.events);
          after = page.next;
        } while (after !== undefined && listed.length <= all.length);
        const fits = fitting(filter);
        const expected = all.filter((event) => fits(event)).map(({ id }) => id);
        expect(listed.map(({ id }) => id)).toEqual(backwards ? expected.reverse() : expected);
        let text = '';
        for await (const lines of exportedLines(store, { ...filter, backwards }, all.length - 1)) text += lines;
        expect(text).toBe(listed.map((event) => `${JSON.stringify(event)}\n`).join(''));
      }),
      { numRuns: 60 },
    );
  });

  it('is not looked through for ever in a store that gives the same events again, nor in one that gives none', async () => {
    const again = readingBy(store, () => store.readAll({ limit: 7 }));
    const first = await logPage(again, { limit: 7, backwards: false });
    expect(first.events.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const second = logPage(again, { limit: 7, backwards: false, after: first.next ?? '' });
    await expect(second).rejects.toThrow(`goes on after event ${all[6]?.id}`);
    let asks = 0;
    const none = readingBy(store, async () => {
      if (++asks > 9) throw new Error('it is asked for ever');
      return Promise.resolve({ events: [], next: '9' });
    });
    await expect(logPage(none, { limit: 7, backwards: false })).rejects.toBeInstanceOf(LogStandsStill);
    const exported = async (): Promise<void> => {
      let lines = 0;
      for await (const text of exportedLines(again, { backwards: false }, all.length - 1)) {
        lines += text.split('\n').length - 1;
        if (lines > 2 * all.length) throw new Error('the export has no end');
      }
    };
    await expect(exported()).rejects.toBeInstanceOf(LogStandsStill);
  });

  it('looks at nothing outside of the time that is asked for', async () => {
    const before = Date.parse(all[0]?.metadata.recordedAt ?? '') - 1;
    const early = await logPage(store, { limit: 9, backwards: true, recorded: { to: before } });
    expect(early).toEqual({ events: [], lookedAt: 0, last: all[0]?.id, lastOrdinal: 0 });
    const late = await logPage(store, { limit: 9, backwards: false, recorded: { from: Date.now() + 60_000 } });
    expect(late).toMatchObject({ events: [], lookedAt: 0 });
  });

  it('begins at an ordinal, both ways', async () => {
    const from = (after: string, backwards: boolean) => logPage(store, { limit: 2, backwards, after });
    expect((await from('#10', false)).events.map(({ ordinal }) => ordinal)).toEqual([11, 12]);
    expect((await from('#10', true)).events.map(({ ordinal }) => ordinal)).toEqual([9, 8]);
    expect((await from('#120', true)).events.map(({ ordinal }) => ordinal)).toEqual([119, 118]);
    await expect(from('#120', false)).rejects.toThrow('there is no event #120');
  });

  it('begins at any ordinal of a stream too, whether that event is of it or not', async () => {
    for (const wanted of [0, 1, 17, 60, 119])
      for (const backwards of [true, false]) {
        const question = { stream: 'sample-2', limit: 500, backwards, after: `#${wanted}` };
        const { events } = await logPage(store, question);
        const own = all.filter(({ stream }) => stream === 'sample-2').map(({ ordinal }) => ordinal);
        const expected = backwards ? own.filter((one) => one < wanted).reverse() : own.filter((one) => one > wanted);
        expect(events.map(({ ordinal }) => ordinal)).toEqual(expected);
      }
  });

  it('leaves out of an export what was stored after it was asked for', async () => {
    for (const backwards of [true, false]) {
      let text = '';
      for await (const lines of exportedLines(store, { backwards }, 9)) text += lines;
      expect(text.split('\n').slice(0, -1)).toHaveLength(10);
    }
  });

  it('is spelt so that it is read back as the same', () => {
    fc.assert(
      fc.property(asked, (one) => {
        const filter = filterOf(one);
        const { recorded: { from = 0, to = Infinity } = {} } = filter;
        const read = readLogFilter(spellLogFilter(filter));
        if (from > to) expect(read).toEqual({ problem: expect.stringContaining('ends before it begins') as string });
        else expect(read).toEqual({ value: filter });
      }),
    );
  });

  it.each([
    [{ recorded: 'today' }, 'recorded: expected A..B'],
    [{ time: '2026-01-01..' }, 'time: "2026-01-01" is not an instant'],
    [{ stream: 'a', beginning: 'b' }, 'leave out one of them'],
    [{ source: '' }, 'source: expected a name'],
  ])('is not made of %j', (fields, problem) => {
    expect(readLogFilter(fields as Record<string, string>)).toEqual({
      problem: expect.stringContaining(problem) as string,
    });
  });
});

describe('the density of a log', () => {
  it('counts each event once, in the stretch in which it was recorded, whatever the stretches', () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 0, max: 90_000_000 }), fc.nat(2)), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 50 }), (steps, most) => {
        const slots = new TimeSlots(3);
        let at = 1_700_000_000_000;
        const events = steps.map(([gap, kind], ordinal) => ({ at: (at += gap), kind, ordinal }));
        for (const event of events) slots.add(event.at, event.kind, event.ordinal);
        const buckets = slots.inBuckets(most);
        expect(buckets.length).toBeLessThanOrEqual(most);
        let told = 0;
        for (const { from, to, first, counts } of buckets) {
          const inside = events.filter((event) => event.at >= from && event.at < to);
          expect(first).toBe(inside[0]?.ordinal);
          expect(counts).toEqual([0, 1, 2].map((kind) => inside.filter((event) => event.kind === kind).length));
          told += inside.length;
        }
        expect(told).toBe(events.length);
      }),
    );
  });

  it('counts a part of a long log for each question, and what is stored meanwhile', async () => {
    const log = new QuickLog(20_500);
    const counts = new LogCounts(log);
    const first = await counts.ask(10);
    expect(first).toMatchObject({ counted: 20_000, size: 20_500 });
    const second = await counts.ask(10);
    expect(second).toMatchObject({ counted: 20_500, size: 20_500 });
    expect(second.buckets.reduce((sum, { events }) => sum + events, 0)).toBe(20_500);
    expect(second.types).toEqual([{ type: 'LinkUp', events: 20_500 }]);
    expect(second.beginnings).toEqual([{ beginning: 'port-', events: 20_500 }]);
    expect(second.buckets[0]?.kinds).toEqual({ network: second.buckets[0]?.events });
  });
});

/** A long log of one kind of event, made as it is read. */
class QuickLog {
  constructor(private readonly size: number) {}

  private event(ordinal: number): StoredEvent {
    const time = new Date(1_700_000_000_000 + ordinal * 10).toISOString();
    const metadata = { source: 'x', sourceId: String(ordinal), schemaVersion: 1, time, recordedAt: time };
    const place = { position: String(ordinal), ordinal, revision: ordinal };
    return { id: String(ordinal), stream: 'port-leaf1:Ethernet1', type: 'LinkUp', data: {}, metadata, ...place };
  }

  readAll({ after, limit = 1000 }: { after?: string; limit?: number } = {}) {
    const from = after === undefined ? 0 : Number(after) + 1;
    const end = Math.min(this.size, from + limit);
    const events = Array.from({ length: end - from }, (_, at) => this.event(from + at));
    return Promise.resolve({ events, next: end < this.size ? String(end - 1) : undefined });
  }

  head() {
    return Promise.resolve(this.event(this.size - 1));
  }
}

describe('the causes and effects of an event', () => {
  const time = '2026-01-01T00:00:00.000Z';
  const log = MemoryLog.of([
    { type: 'ServerAdded', data: { serverId: 's1', customerId: 'c1', port: 'leaf1:Ethernet1', vlan: 11 }, time },
    { type: 'ReconcileStarted', data: { planId: 'p1', device: 'leaf1' }, time, stream: 'journal-leaf1' },
    {
      type: 'ReconcileFinished',
      data: {
        ...{ planId: 'p1', device: 'leaf1', part: 1, of: 1, outcome: 'confirmed' },
        lines: [
          { change: 'add', kind: 'neighbour', line: 'a', serverId: 's1', cause: 0, readBack: 'present' },
          { change: 'add', kind: 'route', line: 'b', serverId: 's1', cause: 0, readBack: 'present' },
          { change: 'add', kind: 'route', line: 'c', cause: 'drift', readBack: 'present' },
        ],
      },
      time,
      stream: 'journal-leaf1',
    },
  ]);
  const [sale, started] = log.events;
  const enrolled = log.tell({ type: 'ServerMacEnrolled', data: {}, time, stream: 'server-s1' });
  Object.assign(enrolled.metadata, { causedBy: [sale?.id] });
  const view = Object.assign(log, {
    findById: (id: string) => Promise.resolve(log.events.find((one) => one.id === id)),
    tree: undefined,
  }) as unknown as Parameters<typeof eventCauses>[0];
  const names = (facts: readonly { readonly type: string }[] | undefined) => facts?.map(({ type }) => type);

  it('leads from a sale to the lines it wrote and the event that names it, and back', async () => {
    const sold = await eventCauses(view, { ordinal: 0 }, {});
    expect(sold?.effects).toMatchObject([
      { type: 'ReconcileFinished', ordinal: 2, lines: 2 },
      { type: 'ServerMacEnrolled', ordinal: 3 },
    ]);
    expect([sold?.causes, sold?.whole, sold?.lookedTo]).toEqual([[], true, 3]);
    const finished = await eventCauses(view, { ordinal: 2 }, {});
    expect(names(finished?.causes)).toEqual(['ServerAdded', 'ReconcileStarted']);
    expect(names((await eventCauses(view, { id: enrolled.id }, {}))?.causes)).toEqual(['ServerAdded']);
    expect(names((await eventCauses(view, { id: started?.id ?? '' }, {}))?.effects)).toEqual(['ReconcileFinished']);
    expect(await eventCauses(view, { ordinal: 9 }, {})).toBeUndefined();
  });
});
