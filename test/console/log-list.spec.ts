import fc from '../support/property.js';
import {
  emptyList,
  type LogEvent,
  type LogList,
  withNews,
  withNewsShown,
  withPage,
} from '../../src/console/log/log-list.js';
import { spanText } from '../../src/console/log/span.js';
import { standsAs, withStanding } from '../../src/console/log/type-choice.js';

const event = (ordinal: number): LogEvent => ({
  ...{ id: String(ordinal), ordinal, stream: 's', type: 'T', data: {}, metadata: null },
});

/** A log that grows while somebody reads it page by page and follows its end, in any order of the two. */
function readGrowing(steps: readonly ('store' | 'page' | 'follow')[], oldest: boolean, isFree: boolean): LogList {
  let size = 20;
  let followed = size - 1;
  let list = emptyList;
  let started = false;
  const page = (): void => {
    if (started && list.next === undefined) return;
    started = true;
    const after = list.next === undefined ? (oldest ? -1 : size) : Number(list.next);
    const ordinals = Array.from({ length: 5 }, (_, at) => (oldest ? after + 1 + at : after - 1 - at));
    const events = ordinals.filter((one) => one >= 0 && one < size).map(event);
    const last = events.at(-1)?.ordinal ?? after;
    const isOver = oldest ? last >= size - 1 : last <= 0;
    list = withPage(list, { events, lookedAt: events.length, ...(isOver ? {} : { next: String(last) }) }, oldest);
  };
  const follow = (): void => {
    const events = Array.from({ length: size - 1 - followed }, (_, at) => event(followed + 1 + at));
    followed = size - 1;
    list = withNews(list, events, { oldest, isFree });
  };
  page();
  for (const step of steps) {
    if (step === 'store') size++;
    else if (step === 'page') page();
    else follow();
  }
  follow();
  while (list.next !== undefined) page();
  follow();
  const shown = withNewsShown(list);
  const expected = Array.from({ length: size }, (_, at) => (oldest ? at : size - 1 - at));
  expect(shown.rows.map(({ ordinal }) => ordinal)).toEqual(expected);
  return list;
}

describe('the list of events', () => {
  it('holds each event once and in order, however reading and following meet', () => {
    const steps = fc.array(fc.constantFrom('store' as const, 'page' as const, 'follow' as const), { maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.boolean(), fc.boolean(), (some, oldest, isFree) => void readGrowing(some, oldest, isFree)),
    );
  });

  it('puts what came while the last page was on its way behind that page, once', () => {
    const reading = withPage(emptyList, { events: [event(0)], lookedAt: 1, next: '0' }, true);
    const told = withNews(reading, [event(2), event(3)], { oldest: true, isFree: true });
    const whole = withPage(told, { events: [event(1), event(2)], lookedAt: 2 }, true);
    expect(whole.rows.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3]);
    expect(whole.news).toEqual([]);
  });

  it('moves no row while somebody looks at one', () => {
    const before = withPage(emptyList, { events: [event(3), event(2)], lookedAt: 2 }, false);
    const after = withNews(before, [event(4)], { oldest: false, isFree: false });
    expect(after.rows).toEqual(before.rows);
    expect(after.news.map(({ ordinal }) => ordinal)).toEqual([4]);
    expect(withNews(before, [event(4)], { oldest: false, isFree: true }).rows.map(({ ordinal }) => ordinal)).toEqual([
      4, 3, 2,
    ]);
  });
});

describe('the choice of types', () => {
  it('takes a type in, turns it round, and lets it go', () => {
    const only = withStanding({ stream: 's' }, { type: 'A', what: 'only' });
    expect(only).toEqual({ stream: 's', type: 'A' });
    expect(withStanding(only, { type: 'B', what: 'only' })).toEqual({ stream: 's', type: 'A,B' });
    const not = withStanding(only, { type: 'A', what: 'not' });
    expect([not, standsAs(not, 'A')]).toEqual([{ stream: 's', notType: 'A' }, 'not']);
    expect(withStanding(not, { type: 'A', what: 'not' })).toEqual({ stream: 's' });
  });
});

describe('a stretch of time', () => {
  it.each([
    [['2026-01-31', ''], '2026-01-31T00:00:00Z..'],
    [['2026-01-31 03:14', '2026-01-31T03:15:16+01:00'], '2026-01-31T03:14:00Z..2026-01-31T03:15:16+01:00'],
    [['yesterday', ''], 'yesterday..'],
    [['', ''], ''],
  ] as const)('typed as %j is asked for as %s', (ends, text) => expect(spanText(ends)).toBe(text));
});
