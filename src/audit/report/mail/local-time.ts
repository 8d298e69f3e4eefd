// To make one takes longer than to ask it a hundred times.
const formats = new Map<string, Intl.DateTimeFormat>();

/** The clock on the wall of a time zone. Instants are ms since 1970; a wall time is ms since 1970 as if the wall were in UTC. */
export class ZoneClock {
  private readonly format: Intl.DateTimeFormat;

  /** @param zone of the IANA list; any other is a RangeError */
  constructor(zone: string) {
    this.format = formats.get(zone) ?? formatOf(zone);
    formats.set(zone, this.format);
  }

  /** What the wall shows at an instant. */
  wallAt(instant: number): number {
    const parts = new Map(this.format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const whole = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return whole + (((instant % 1000) + 1000) % 1000);
  }

  /**
   * The first instant at which the wall shows this time or a later one: the first of two where the clock is put back over it,
   * the end of the jump where it is put forward over it.
   */
  firstAt(wall: number): number {
    const around = Array.from({ length: 13 }, (_, step) => wall + (step - 6) * 6 * hourMs);
    const offsets = [...new Set(around.map((instant) => this.wallAt(instant) - instant))];
    const shown = offsets.map((offset) => wall - offset).filter((instant) => this.wallAt(instant) === wall);
    if (shown.length > 0) return Math.min(...shown);
    let before = wall - Math.max(...offsets);
    let after = wall - Math.min(...offsets);
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.wallAt(middle) < wall) before = middle;
      else after = middle;
    }
    return after;
  }
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** The date of a wall time, such as 2026-03-29. */
export const dayOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10);

function formatOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-u-ca-iso8601', {
    ...{ timeZone: zone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
}
