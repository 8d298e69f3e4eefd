import fc from '../support/property.js';
import type { StoredEvent } from '../../events/index.js';
import { type LogPage, logPage, readLogQuestion, UnknownPlace } from '../../src/audit/log-page.js';
import { LogStatistics } from '../../src/audit/log-stats.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { addSamples, allEvents, sampleLog } from '../event-store/transfer/sample-log.js';
import { tempDirectory } from '../support/temp-directory.js';

const directory = tempDirectory();
let store: EventStore;
let all: readonly StoredEvent[];
beforeAll(async () => {
  store = await sampleLog(directory, 60);
  all = await allEvents(store);
});
afterAll(() => store.close());

describe('a look at the log', () => {
  it('shows, page after page, each event that fits once and in order, both ways and after any of them', async () => {
    const name = (names: readonly string[]) => fc.option(fc.constantFrom(...names), { nil: undefined });
    const asked = fc.record({
      stream: name(['sample-0', 'sample-3', 'sample-none']),
      type: name(['Third', 'Sample', 'None']),
      backwards: fc.boolean(),
      limit: fc.integer({ min: 1, max: 70 }),
      start: fc.option(fc.nat(59), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ stream, type, backwards, limit, start }) => {
        const inStream = all.filter((event) => stream === undefined || event.stream === stream);
        const first = start === undefined ? undefined : inStream[start % Math.max(1, inStream.length)];
        const isAfter = (event: StoredEvent): boolean =>
          first === undefined || (backwards ? event.ordinal < first.ordinal : event.ordinal > first.ordinal);
        const expected = inStream.filter((event) => isAfter(event) && (type === undefined || event.type === type));
        const found: string[] = [];
        let after = first?.id;
        do {
          const question = { limit, backwards, ...given({ stream, type, after }) };
          const page: LogPage = await logPage(store, question);
          expect(page.events.length).toBeLessThanOrEqual(limit);
          found.push(...page.events.map(({ id }) => id));
          after = page.next;
        } while (after !== undefined && found.length <= all.length);
        const ids = expected.map(({ id }) => id);
        expect(found).toEqual(backwards ? ids.reverse() : ids);
      }),
    );
  });

  it('names the last event it looked at, to go on after when more is stored', async () => {
    const { events, last, next } = await logPage(store, { limit: 500, backwards: false, type: 'None' });
    expect({ events, last, next }).toEqual({ events: [], last: all.at(-1)?.id, next: undefined });
  });

  it('takes a position for a place, but none behind the end of the log and no event of another stream', async () => {
    const after = all[57]?.position ?? '';
    expect((await logPage(store, { limit: 9, backwards: false, after })).events).toHaveLength(2);
    const lost = { limit: 9, backwards: false, after: '1000' };
    await expect(logPage(store, lost)).rejects.toBeInstanceOf(UnknownPlace);
    const other = { ...lost, after: all[1]?.id ?? '', stream: 'sample-0' };
    await expect(logPage(store, other)).rejects.toBeInstanceOf(UnknownPlace);
  });

  it('says of an event that it cannot be read, and why', async () => {
    const [event] = (await logPage(store, { limit: 1, backwards: false })).events;
    expect(event).toMatchObject({ ordinal: 0, unreadable: 'type: Third is unknown' });
  });

  it.each([
    [{ lmit: '1' }, 'lmit: no such field'],
    [{ limit: '0' }, 'limit: expected 1 to 500'],
    [{ limit: '501' }, 'limit: expected 1 to 500'],
    [{ backwards: 'yes' }, 'backwards: expected true or false'],
    [{ wait: '26' }, 'wait: expected 0 to 25'],
    [{ wait: '1', backwards: 'true' }, 'nothing new comes backwards'],
    [{ after: '-1' }, 'after: expected the id, the position or #ordinal'],
    [{ after: '12', stream: 'server-x' }, 'after: expected the id of an event of that stream'],
    [{ stream: '' }, 'stream: expected a name'],
    [{ type: 'a\u0000' }, 'type: expected a name'],
  ])('is not made for %j', (fields, problem) => {
    expect(readLogQuestion(fields as Record<string, string>)).toEqual({
      problem: expect.stringContaining(problem) as string,
    });
  });
});

describe('the statistics of a log', () => {
  it('count each event once, however often they are asked for while it grows', async () => {
    const statistics = new LogStatistics(store);
    const [first, same] = await Promise.all([statistics.ask(), statistics.ask()]);
    expect(same).toBe(first);
    expect(first).toMatchObject({ logId: store.logId, size: 60, families: [{ family: 'sample', events: 60 }] });
    expect(first.types.map(({ type, events }) => [type, events])).toEqual([
      ['Sample', 40],
      ['Third', 20],
    ]);
    expect(first.root).toBe((await store.tree.head()).root.toString('hex'));
    await addSamples(store, 30);
    const later = await statistics.ask();
    expect(later).toMatchObject({ size: 90, types: [{ events: 60 }, { events: 30 }] });
    expect(later).toEqual(await new LogStatistics(store).ask());
  });
});

function given(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}
