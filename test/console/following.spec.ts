import fc from '../support/property.js';
import { backoffMs } from '../../src/console/backoff.js';
import { age, shownInstant } from '../../src/console/instant.js';
import { comparePositions } from '../../src/console/position.js';
import { SseParser } from '../../src/console/sse-parser.js';
import { scrollToRow, virtualWindow } from '../../src/console/virtual-window.js';

describe('an event stream', () => {
  const stream =
    'retry: 3000\n\nid: 7\nevent: violation\ndata: {"a":1}\n\nevent: heartbeat\ndata: {}\n\n: said aside\r\ndata: x\r\ndata: y\r\n\r\n';
  const whole = new SseParser().push(stream);

  it('is read event by event, with the last id', () => {
    expect(whole).toEqual([
      { event: 'violation', data: '{"a":1}', id: '7' },
      { event: 'heartbeat', data: '{}', id: '7' },
      { event: 'message', data: 'x\ny', id: '7' },
    ]);
  });

  it('is the same however it is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const parser = new SseParser();
        const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const read = at.slice(1).flatMap((end, index) => parser.push(stream.slice(at[index], end)));
        expect(read).toEqual(whole);
      }),
    );
  });
});

it('waits longer after each failure, and never longer than 15 s', () => {
  expect([1, 2, 3, 10, 1000].map((failures) => backoffMs(failures, 1))).toEqual([500, 1000, 2000, 15_000, 15_000]);
  expect(backoffMs(1, 0)).toBe(250);
});

it('orders positions as numbers of any length', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 0n, max: 10n ** 30n }), (a, b) =>
      expect(Math.sign(comparePositions(String(a), String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0),
    ),
  );
});

describe('a long list', () => {
  it('draws what is in sight and no more than that asks for', () => {
    expect(virtualWindow({ rows: 10_000, rowHeight: 30 }, { scrollTop: 3_000, height: 600 }, 5)).toEqual({
      first: 95,
      end: 125,
    });
    expect(virtualWindow({ rows: 3, rowHeight: 30 }, { scrollTop: 0, height: 600 })).toEqual({ first: 0, end: 3 });
    // Scrolled beyond the end of a list that became shorter.
    expect(virtualWindow({ rows: 3, rowHeight: 30 }, { scrollTop: 9_000, height: 600 })).toEqual({ first: 3, end: 3 });
  });

  it('scrolls only as far as a row needs to be wholly in sight', () => {
    const view = { scrollTop: 300, height: 600 };
    expect([2, 12, 30].map((row) => scrollToRow(row, 30, view))).toEqual([60, 300, 330]);
  });
});

describe('an instant', () => {
  it('is shown in UTC, and as it came where nobody can read it', () => {
    expect(shownInstant('2026-01-31T03:14:15.926Z', 'utc')).toBe('2026-01-31 03:14:15');
    expect(shownInstant('soon', 'utc')).toBe('soon');
  });

  it.each([
    [1_000, '1 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [47 * 3_600_000, '47 h'],
    [48 * 3_600_000, '2 d'],
    [-3_600_000, 'in 1 h'],
  ])('%i ms ago is %s', (ms, words) => {
    const now = Date.UTC(2026, 0, 31);
    expect(age(new Date(now - ms).toISOString(), now)).toBe(words);
  });
});
