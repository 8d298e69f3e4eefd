const minuteMs = 60_000;

interface Minute {
  start: number;
  used: number;
}

/** So many of something for each place and minute. */
export class MinuteBudget {
  private readonly minutes = new Map<string, Minute>();

  constructor(private readonly most: number) {}

  /** True, and one less is left, where this place has not used up its minute. */
  take(place: string, clock: number): boolean {
    const minute = this.minutes.get(place);
    if (minute === undefined || clock - minute.start >= minuteMs || clock < minute.start) {
      this.makeRoom(clock);
      this.minutes.set(place, { start: clock, used: 1 });
      return this.most > 0;
    }
    minute.used++;
    return minute.used <= this.most;
  }

  /** Places are those of sources and devices, so there are few; those whose minute is over need no memory. */
  private makeRoom(clock: number): void {
    if (this.minutes.size < 1_024) return;
    for (const [place, { start }] of this.minutes) if (clock - start >= minuteMs) this.minutes.delete(place);
  }
}
