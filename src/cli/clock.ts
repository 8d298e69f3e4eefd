/** The clock of whoever asks: what it shows now, and how its zone keeps time. */
export interface Clock {
  /** ms since 1970. */
  readonly now: number;
  /** How far a wall clock of the zone is ahead of UTC at an instant, ms. */
  readonly ahead: (instant: number) => number;
}

/** The clock of this process, in the zone that TZ names. */
export function systemClock(): Clock {
  return { now: Date.now(), ahead: (instant) => -new Date(instant).getTimezoneOffset() * 60_000 };
}

/** The same moment on a clock that is always so many ms ahead of UTC. */
export function fixedClock({ now }: Clock, ahead: number): Clock {
  return { now, ahead: () => ahead };
}

export const dayMs = 86_400_000;

/** What the wall clock shows at an instant, written as the ms of the UTC time that looks the same. */
export function wallTime(instant: number, clock: Clock): number {
  return instant + clock.ahead(instant);
}

/** Every instant at which the wall clock shows this: none where it was put forward over it, two where it was put back. */
export function instantsOf(wall: number, clock: Clock): readonly number[] {
  // No zone is a day away from UTC, so that what it keeps a day before and after is all it can have kept at the time.
  const kept = new Set([clock.ahead(wall - dayMs), clock.ahead(wall + dayMs)]);
  return [...kept]
    .map((ahead) => wall - ahead)
    .filter((instant) => wallTime(instant, clock) === wall)
    .sort((a, b) => a - b);
}

/** An instant as RFC 3339 in the clock's zone: `2026-11-24T04:14:00+01:00`; UTC ends with `Z`. */
export function spellLocal(instant: number, clock: Clock): string {
  const ahead = clock.ahead(instant);
  const wall = new Date(instant + ahead).toISOString().replace(/(?:\.000)?Z$/, '');
  if (ahead === 0) return `${wall}Z`;
  const minutes = Math.abs(ahead) / 60_000;
  const two = (count: number): string => String(Math.floor(count)).padStart(2, '0');
  return `${wall}${ahead < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
