import fc from '../../support/property.js';
import { ZoneClock } from '../../../src/audit/report/mail/local-time.js';
import { type DailyTime, type MailedDay, scheduleOf } from '../../../src/audit/report/mail/mail-schedule.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Zones whose clocks jump in ways of their own, each with a moment in the days around such a jump. */
const jumps = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['America/St_Johns', '2006-10-29T02:31Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Asia/Kathmandu', '2026-06-01T00:00Z'],
  ['UTC', '2026-06-01T00:00Z'],
] as const;

const anyJump = fc.constantFrom(...jumps).map(([zone, about]) => ({ zone, about: Date.parse(about) }));
const anyAt = fc.nat(24 * 4 - 1).map((quarter) => {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`;
});

const asShown = new Map<string, Intl.DateTimeFormat>();
/** The wall of a zone in the form 2026-03-29 07:00. */
function wall(zone: string, instant: number): string {
  const options = { timeZone: zone, dateStyle: 'short', timeStyle: 'short' } as const;
  const format = asShown.get(zone) ?? new Intl.DateTimeFormat('sv-SE', options);
  asShown.set(zone, format);
  return format.format(instant);
}

const looks = new Map<string, readonly (readonly [number, string])[]>();
/** Two days before and after an instant: every minute, and what the wall shows. */
function everyMinute(zone: string, about: number): readonly (readonly [number, string])[] {
  const name = `${zone} ${about}`;
  const known = looks.get(name);
  if (known !== undefined) return known;
  const all = Array.from({ length: 4 * 24 * 60 }, (_, count) => about - 2 * day + count * minute);
  const seen = all.map((now) => [now, wall(zone, now)] as const);
  looks.set(name, seen);
  return seen;
}

/** Whoever looks at the wall every minute and writes down each day's first look that is late enough. */
function seenBy({ zone, at }: DailyTime, about: number): MailedDay[] {
  const seen = everyMinute(zone, about);
  return [...new Set(seen.map(([, shown]) => shown.slice(0, 10)))].flatMap((one) => {
    const first = seen.find(([, shown]) => shown >= `${one} ${at}`);
    return first === undefined || first === seen[0] ? [] : [{ day: one, to: first[0] }];
  });
}

describe('the schedule of the day report', () => {
  it('makes each day due once, at the first minute that the wall shows its time or later', () => {
    fc.assert(
      fc.property(anyJump, anyAt, ({ zone, about }, at) => {
        const daily = { zone, at };
        const [from, to] = [about - 2 * day, about + 2 * day];
        const begins = from + 1;
        const seen = seenBy(daily, about);
        const made: MailedDay[] = [];
        for (let now = from; ;) {
          const { nextAt } = scheduleOf(daily, { mailed: made, begins }, now);
          expect(nextAt).toBeGreaterThan(now);
          if (nextAt >= to) break;
          expect(scheduleOf(daily, { mailed: made, begins }, nextAt - 1).due).toBeUndefined();
          const { due } = scheduleOf(daily, { mailed: made, begins }, nextAt);
          if (due === undefined) throw new Error('nothing is due when it is due');
          made.push({ day: due.day, to: due.to });
          now = nextAt;
        }
        expect(made).toEqual(seen);
      }),
      { numRuns: 80 },
    );
  });

  it('never mails a day twice, and tells of every moment once, however the engine sleeps and its clock is put right', () => {
    const steps = fc.array(fc.integer({ min: -20, max: 60 * 40 }), { minLength: 10, maxLength: 60 });
    fc.assert(
      fc.property(anyJump, anyAt, steps, ({ zone, about }, at, minutes) => {
        const daily = { zone, at };
        const mailed: (MailedDay & { from: number })[] = [];
        let now = about - 5 * day;
        const begins = now;
        for (const step of minutes) {
          now += step * minute;
          const { due } = scheduleOf(daily, { mailed, begins }, now);
          if (due === undefined) continue;
          expect(due.to).toBeLessThanOrEqual(now);
          expect(due.from).toBeLessThan(due.to);
          if (mailed[0] !== undefined) expect(due.from).toBe(mailed[0].to);
          mailed.unshift(due);
        }
        expect(new Set(mailed.map(({ day: one }) => one)).size).toBe(mailed.length);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['jumps over its time', 'Europe/Berlin', '02:30', '2026-03-29', '2026-03-29T01:00:00.000Z'],
    ['has its time twice: at the first', 'Europe/Berlin', '02:30', '2026-10-25', '2026-10-25T00:30:00.000Z'],
    ['begins at one, for midnight is left out', 'Africa/Cairo', '00:00', '2026-04-24', '2026-04-23T22:00:00.000Z'],
    ['is half an hour longer', 'Australia/Lord_Howe', '07:00', '2026-04-05', '2026-04-04T20:30:00.000Z'],
  ])('knows a day that %s', (_, zone, at, wanted, instant) => {
    const { due } = scheduleOf({ zone, at }, { mailed: [], begins: 0 }, Date.parse(instant));
    expect(due).toMatchObject({ day: wanted, to: Date.parse(instant) });
  });

  it('leaves out the day that a zone left out', () => {
    const daily = { zone: 'Pacific/Apia', at: '07:00' };
    const mailed = [{ day: '2011-12-29', to: Date.parse('2011-12-29T17:00Z') }];
    const noon = Date.parse('2011-12-30T10:00Z');
    const { due, nextAt } = scheduleOf(daily, { mailed, begins: 0 }, noon);
    expect([due, wall(daily.zone, nextAt)]).toEqual([undefined, '2011-12-31 07:00']);
  });

  it('owes one report after any time without one, which begins where the last one ended', () => {
    const daily = { zone: 'Europe/Berlin', at: '07:00' };
    const mailed = [{ day: '2026-03-27', to: Date.parse('2026-03-27T06:00Z') }];
    const now = Date.parse('2026-03-30T11:11Z');
    const { due } = scheduleOf(daily, { mailed, begins: 0 }, now);
    const to = Date.parse('2026-03-30T05:00Z');
    expect(due).toEqual({ day: '2026-03-30', from: Date.parse('2026-03-27T06:00Z'), to });
    const next = scheduleOf(daily, { mailed: [{ day: '2026-03-30', to }, ...mailed], begins: 0 }, now);
    expect(next).toEqual({ due: undefined, nextAt: Date.parse('2026-03-31T05:00Z') });
  });

  it('goes back no further than 31 days', () => {
    const mailed = [{ day: '2025-01-01', to: Date.parse('2025-01-01T07:00Z') }];
    const { due } = scheduleOf({ zone: 'UTC', at: '07:00' }, { mailed, begins: 0 }, Date.parse('2026-06-01T08:00Z'));
    expect(due?.from).toBe(Date.parse('2026-05-01T07:00Z'));
  });

  it('owes nothing of a time before the log began', () => {
    const begins = Date.parse('2026-06-01T12:00Z');
    const daily = { zone: 'UTC', at: '07:00' };
    expect(scheduleOf(daily, { mailed: [], begins }, begins + hour).due).toBeUndefined();
    expect(scheduleOf(daily, { mailed: [], begins }, begins + day).due?.day).toBe('2026-06-02');
  });

  it('owes no older one where the clock goes back over the time at which the newest went out', () => {
    const daily = { zone: 'UTC', at: '07:00' };
    const mailed = ['2026-06-03', '2026-06-01'].map((one) => ({ day: one, to: Date.parse(`${one}T07:00Z`) }));
    expect(scheduleOf(daily, { mailed, begins: 0 }, Date.parse('2026-06-03T06:59:59Z')).due).toBeUndefined();
  });

  it('mails nothing again where a clock went wrong by years and was put right', () => {
    const daily = { zone: 'UTC', at: '07:00' };
    const mailed = [
      { day: '2030-01-01', to: Date.parse('2030-01-01T07:00Z') },
      { day: '2026-06-01', to: Date.parse('2026-06-01T07:00Z') },
    ];
    const at = (now: string) => scheduleOf(daily, { mailed, begins: 0 }, Date.parse(now)).due;
    expect(at('2026-06-01T09:00Z')).toBeUndefined();
    expect(at('2026-06-02T09:00Z')).toMatchObject({ day: '2026-06-02', from: Date.parse('2026-06-01T07:00Z') });
  });
});

describe('the clock of a zone', () => {
  it('shows what Intl shows, to the millisecond', () => {
    fc.assert(
      fc.property(anyJump, fc.integer({ min: -3 * day, max: 3 * day }), ({ zone, about }, off) => {
        const instant = about + off;
        const shown = new ZoneClock(zone).wallAt(instant);
        expect(new Date(shown).toISOString().slice(0, 16).replace('T', ' ')).toBe(wall(zone, instant));
        expect(shown - Math.floor(shown / 1000) * 1000).toBe(instant - Math.floor(instant / 1000) * 1000);
      }),
    );
  });
});
