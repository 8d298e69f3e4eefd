export const hourMs = 3_600_000;
const hoursOfADay = 24;

/** What of a row says when its frames were heard. */
export interface HeardHours {
  /**
   * Hour (of 3,600 s since 1970) and frames heard in it, in turns: the hours with frames among the last 24 up to the
   * newest one, oldest first. What was heard before is not kept.
   */
  readonly hours: readonly number[];
  /** The newest hour whose count is partly a guess: an event told frames of several hours in one number. */
  readonly guessedHour?: number;
}

/** Frames that one event tells of: capture times of the first and the last, ms since 1970. */
export interface HeardFrames {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** Counts frames into their hours. Of those between the first and the last nobody knows the hour: it is the last's. */
export function hoursWith({ hours, guessedHour }: HeardHours, { first, last, count }: HeardFrames): HeardHours {
  if (count === 0) return guessedHour === undefined ? { hours } : { hours, guessedHour };
  const [firstHour, lastHour] = [hourOf(Math.min(first, last)), hourOf(last)];
  const isSplit = firstHour !== lastHour && count > 1;
  const counts = new Map<number, number>();
  for (let at = 0; at < hours.length; at += 2) counts.set(hours[at] ?? 0, hours[at + 1] ?? 0);
  const add = (hour: number, frames: number): void => void counts.set(hour, (counts.get(hour) ?? 0) + frames);
  add(lastHour, isSplit ? count - 1 : count);
  if (isSplit) add(firstHour, 1);
  const newest = Math.max(...counts.keys());
  const kept = [...counts].filter(([hour]) => hour > newest - hoursOfADay).sort(([a], [b]) => a - b);
  const guessed = isSplit && count > 2 ? Math.max(guessedHour ?? lastHour, lastHour) : guessedHour;
  return { hours: kept.flat(), ...(guessed !== undefined && { guessedHour: guessed }) };
}

/** Frames of each of the 24 hours that end with the hour of `now` (ms since 1970), oldest first. */
export interface Day {
  readonly frames: readonly number[];
  /** False where frames of one of these hours may have been heard in the one before it. */
  readonly exact: boolean;
}

export function dayOf({ hours, guessedHour }: HeardHours, now: number): Day {
  const oldest = hourOf(now) - (hoursOfADay - 1);
  const frames = Array.from({ length: hoursOfADay }, () => 0);
  for (let at = 0; at < hours.length; at += 2) {
    const place = (hours[at] ?? 0) - oldest;
    if (place >= 0 && place < hoursOfADay) frames[place] = hours[at + 1] ?? 0;
  }
  return { frames, exact: guessedHour === undefined || guessedHour < oldest };
}

/** The days of several as one. */
export function sumOfDays(days: Iterable<Day>): Day {
  const frames = Array.from({ length: hoursOfADay }, () => 0);
  let exact = true;
  for (const day of days) {
    day.frames.forEach((count, hour) => (frames[hour] = (frames[hour] ?? 0) + count));
    exact &&= day.exact;
  }
  return { frames, exact };
}

/** A capture from before 1970 has a broken clock; it counts as of the first hour. */
const hourOf = (time: number): number => Math.max(0, Math.floor(time / hourMs));
