import { dayMs, dayOf, hourMs, ZoneClock } from './local-time.js';

/** When a report is due on every local day. */
export interface DailyTime {
  readonly zone: string;
  /** `07:00`, on the clock of the wall. */
  readonly at: string;
}

/** A report that went out for a local day; `to` in ms since 1970 is where it ended. */
export interface MailedDay {
  /** `2026-03-29`. */
  readonly day: string;
  readonly to: number;
}

/** A report that is to go out: of what was recorded after `from` and up to `to`, the instant it is due; ms since 1970. */
export interface DueReport extends MailedDay {
  readonly from: number;
}

export interface Schedule {
  /** What is to go out now; undefined where nothing is. */
  readonly due: DueReport | undefined;
  /** The next instant at which one will be due. */
  readonly nextAt: number;
}

/** What was mailed, and since when there is something to report. */
export interface MailedSoFar {
  readonly mailed: readonly MailedDay[];
  /** When the log begins, ms since 1970: what would have been due before is owed to nobody. */
  readonly begins: number;
}

/** What a report may go back to where those before it did not go out. */
const longestMs = 31 * dayMs;

/**
 * What is due at `now`, and when the next one is. Each day that the zone has is due once, at the first instant when its wall
 * shows the time or later. Only the newest day that is due ever goes out; it begins where the last that went out ended, so
 * the reports tell of every moment once, whatever was missed. Pure.
 */
export function scheduleOf(daily: DailyTime, { mailed, begins }: MailedSoFar, now: number): Schedule {
  const days = daysAround(daily, now);
  const newest = days.findLast(({ to }) => to <= now);
  const nextAt = days.find(({ to }) => to > now)?.to ?? now + dayMs;
  if (newest === undefined || newest.to < begins) return { due: undefined, nextAt };
  // The second: a clock that is put right may go back over the time at which the next one went out.
  const isMailed = ({ day, to }: MailedDay): boolean => day === newest.day || (to > newest.to && to <= nextAt);
  if (mailed.some(isMailed)) return { due: undefined, nextAt };
  const before = days.findLast(({ to }) => to < newest.to)?.to ?? newest.to - dayMs;
  const ended = Math.max(...mailed.map(({ to }) => to).filter((to) => to < newest.to), Number.NEGATIVE_INFINITY);
  const from = ended === Number.NEGATIVE_INFINITY ? before : Math.max(ended, newest.to - longestMs);
  return { due: { ...newest, from }, nextAt };
}

/** The days that a zone has from three before to three after, in their order, each with the instant it is due. */
function daysAround({ zone, at }: DailyTime, now: number): MailedDay[] {
  const clock = new ZoneClock(zone);
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  const today = Math.floor(clock.wallAt(now) / dayMs) * dayMs;
  return Array.from({ length: 7 }, (_, index) => today + (index - 3) * dayMs)
    .filter((midnight) => hasDay(clock, midnight))
    .map((midnight) => ({
      day: dayOf(midnight),
      to: clock.firstAt(midnight + hour * hourMs + minute * 60_000),
    }));
}

/** A zone that crosses the date line leaves out a day. */
function hasDay(clock: ZoneClock, midnight: number): boolean {
  return clock.wallAt(clock.firstAt(midnight)) < midnight + dayMs;
}
