import type { Clock } from '../../src/cli/clock.js';

/** A clock that stands at `now` and keeps the time of a zone, by the tables that Node.js has of it. */
export function clockIn(zone: string, now: number): Clock {
  const form = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  const ahead = (instant: number): number => {
    const of = Object.fromEntries(form.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = of;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
  };
  return { now, ahead };
}
