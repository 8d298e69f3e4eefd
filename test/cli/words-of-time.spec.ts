import fc from '../support/property.js';
import type { Clock } from '../../src/cli/clock.js';
import { readWords } from '../../src/cli/words-of-time.js';
import { clockIn } from './zone-clock.js';

/** Thursday, 26 November 2026, 12:00 in Berlin. */
const now = Date.parse('2026-11-26T12:00:00+01:00');
const berlin = clockIn('Europe/Berlin', now);

function said(words: string, clock: Clock = berlin): string {
  const told = readWords(words, clock);
  return 'problem' in told ? told.problem : new Date(told.instant).toISOString().replace('.000Z', 'Z');
}

describe('a moment in words', () => {
  it.each([
    ['tuesday 03:14', '2026-11-24T02:14:00Z'],
    ['last tuesday at 03:14', '2026-11-24T02:14:00Z'],
    ['Last Tuesday at 3:14 AM', '2026-11-24T02:14:00Z'],
    ['tue 03:14:07', '2026-11-24T02:14:07Z'],
    ['thursday 11:59', '2026-11-26T10:59:00Z'],
    ['thursday 12:01', '2026-11-19T11:01:00Z'],
    ['last thursday 03:14', '2026-11-19T02:14:00Z'],
    ['friday 03:14', '2026-11-20T02:14:00Z'],
    ['yesterday 14:00', '2026-11-25T13:00:00Z'],
    ['yesterday, 2pm', 'refused'],
    ['yesterday, at 2:00 pm', '2026-11-25T13:00:00Z'],
    ['today 09:00', '2026-11-26T08:00:00Z'],
    ['03:14', '2026-11-26T02:14:00Z'],
    ['at 03:14', '2026-11-26T02:14:00Z'],
    ['23:00', '2026-11-25T22:00:00Z'],
    ['12:14am', '2026-11-25T23:14:00Z'],
    ['2026-11-24 03:14', '2026-11-24T02:14:00Z'],
    ['2026-07-01 03:14', '2026-07-01T01:14:00Z'],
    ['2026-11-24 03:14 utc', '2026-11-24T03:14:00Z'],
    ['tuesday 03:14Z', '2026-11-24T03:14:00Z'],
    ['2026-11-24 03:14:00-05:30', '2026-11-24T08:44:00Z'],
    ['2 days ago', '2026-11-24T11:00:00Z'],
    ['3h ago', '2026-11-26T08:00:00Z'],
    ['an hour ago', '2026-11-26T10:00:00Z'],
    ['90 min ago', '2026-11-26T09:30:00Z'],
    ['a week ago', '2026-11-19T11:00:00Z'],
    ['now', '2026-11-26T11:00:00Z'],
  ])('reads "%s" as %s', (words, instant) => {
    if (instant === 'refused') expect(said(words)).toContain('is no moment');
    else expect(said(words)).toBe(instant);
  });

  it.each([
    ['tusday 03:14', 'Did you mean tuesday?'],
    ['yesteray 14:00', 'Did you mean yesterday?'],
    ['2 dais ago', 'Did you mean days?'],
    ['the other day', "Write for example 'tuesday 03:14'"],
    ['3 months ago', "Write for example 'tuesday 03:14'"],
    ['last yesterday 03:14', 'is no moment'],
    ['24:00', 'is no moment'],
    ['13:00 pm', 'is no moment'],
    ['2026-02-30 03:14', 'is no moment'],
    ['', 'is no moment'],
    ['yesterday', "is a whole day; say at what time: 'yesterday 14:00'"],
    ['last tuesday', "say at what time: 'last tuesday 14:00'"],
    ['2026-11-24', 'is a whole day'],
    ['today 23:00', 'is still to come'],
  ])('refuses "%s", names it and shows what to write', (words, cure) => {
    expect(said(words)).toContain(`"${words}"`);
    expect(said(words)).toContain(cure);
  });

  it('refuses a time that the clock skipped, or showed twice, with the instants it may mean', () => {
    expect(said('2026-03-29 02:30')).toBe(
      '"2026-03-29 02:30" never was, because the clocks were put forward over it: write 2026-03-29T01:30:00+01:00 or 2026-03-29T03:30:00+02:00',
    );
    expect(said('2026-10-25 02:30')).toBe(
      '"2026-10-25 02:30" came twice, because the clocks were put back: write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00',
    );
    const between = clockIn('Europe/Berlin', Date.parse('2026-10-25T02:40:00+02:00'));
    expect(said('02:30', between)).toBe('2026-10-25T00:30:00Z');
    const before = clockIn('Europe/Berlin', Date.parse('2026-03-29T01:00:00+01:00'));
    expect(said('02:30', before)).toBe('2026-03-28T01:30:00Z');
  });
});

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe'];
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const anyClock = fc
  .tuple(fc.constantFrom(...zones), fc.integer({ min: 0, max: 2_000_000_000 }))
  .map(([zone, seconds]) => clockIn(zone, seconds * 1000));
const anyTime = fc.tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 })).map((parts) => parts.map(two).join(':'));
const two = (count: number): string => String(count).padStart(2, '0');

/** What the wall clock shows then. */
function shown(instant: number, clock: Clock): { day: number; time: string } {
  const wall = new Date(instant + clock.ahead(instant));
  return { day: wall.getUTCDay(), time: wall.toISOString().slice(11, 16) };
}

describe('words of time, in any zone and at any moment,', () => {
  it('name a moment that is over, less than eight days ago, of that weekday and time', () => {
    const words = fc.tuple(fc.constantFrom('', 'last '), fc.nat({ max: 6 }), anyTime);
    const property = fc.property(anyClock, words, (clock, [last, day, time]) => {
      const told = readWords(`${last}${weekdays[day] ?? ''} ${time}`, clock);
      if ('problem' in told) return expect(told.problem).toMatch(/came twice|never was/);
      expect(shown(told.instant, clock)).toEqual({ day, time });
      expect(told.instant).toBeLessThanOrEqual(clock.now);
      expect(clock.now - told.instant).toBeLessThan(8.1 * 86_400_000);
      if (last !== '') expect(told.instant + clock.ahead(told.instant)).toBeLessThan(midnight(clock));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('name, by a time alone, the latest moment that is over and shows it', () => {
    const property = fc.property(anyClock, anyTime, (clock, time) => {
      const told = readWords(time, clock);
      if ('problem' in told) return expect(told.problem).toMatch(/came twice|never was/);
      expect(shown(told.instant, clock).time).toBe(time);
      for (let later = told.instant + 60_000; later <= clock.now; later += 60_000)
        expect(shown(later, clock).time).not.toBe(time);
    });
    fc.assert(property, { numRuns: 50 });
  });

  it('name so much time before now', () => {
    const amount = fc.tuple(fc.nat({ max: 999 }), fc.constantFrom('s', 'm', 'h', 'd', 'w'));
    const sizes = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
    const property = fc.property(anyClock, amount, (clock, [count, unit]) => {
      const size = sizes[unit];
      expect(readWords(`${count}${unit} ago`, clock)).toEqual({ instant: clock.now - count * size * 1000 });
    });
    fc.assert(property);
  });

  it('are read or refused, whatever they are', () => {
    const word = fc.constantFrom('last', 'tuesday', 'at', '03:14', 'ago', '2', 'days', 'today', 'utc', '+99:99', 'x');
    const text = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join(' ')),
    );
    fc.assert(fc.property(anyClock, text, (clock, words) => void readWords(words, clock)));
  });
});

function midnight(clock: Clock): number {
  const wall = clock.now + clock.ahead(clock.now);
  return wall - (wall % 86_400_000);
}
