/** Events that follow each other in the log, so many of them, are posted together under the times among them. */
export const timeBlock = 64;

const hourMs = 3_600_000;
const dayHours = 24;
/** Stretches of more days than this are read from the log: looking up every day of them would take as long. */
const mostDays = 4000;

const hourKey = (hour: number): string => `hour ${hour}`;
const dayKey = (day: number): string => `day ${day}`;

/** The hour of an instant, ms since 1970, counted from 1970: events of one hour stand under the same keys. */
export function hourOf(time: number): number {
  return Math.floor(time / hourMs);
}

/** Under these keys stand, in place of ordinals, the blocks of the log in which an event has a `time` in that hour, readable or not. */
export function timeKeysOf(hour: number): readonly [string, string] {
  return [hourKey(hour), dayKey(Math.floor(hour / dayHours))];
}

/** The keys of all times in (from, to], ms since 1970; undefined where they are too many to look up. */
export function keysOfTimes(from: number, to: number): string[] | undefined {
  const [first, last] = [hourOf(from), hourOf(to)];
  if ((last - first) / dayHours > mostDays) return undefined;
  const keys: string[] = [];
  for (let hour = first; hour <= last;) {
    const isWholeDay = hour % dayHours === 0 && hour + dayHours - 1 <= last;
    keys.push(isWholeDay ? dayKey(hour / dayHours) : hourKey(hour));
    hour += isWholeDay ? dayHours : 1;
  }
  return keys;
}
