const minuteMs = 60_000;

/** Events folded in each of the last minutes, the current one last; nothing is known from before the engine started. */
export class EventRate {
  private readonly counts: number[];
  private minute: number;

  constructor(
    private readonly minutes = 60,
    private readonly now: () => number = Date.now,
  ) {
    this.counts = Array.from({ length: minutes }, () => 0);
    this.minute = this.current();
  }

  add(events: number): void {
    this.move();
    const at = this.minute % this.minutes;
    this.counts[at] = (this.counts[at] ?? 0) + events;
  }

  perMinute(): number[] {
    this.move();
    return Array.from({ length: this.minutes }, (_, age) => this.counts[(this.minute + 1 + age) % this.minutes] ?? 0);
  }

  private current(): number {
    return Math.floor(this.now() / minuteMs);
  }

  /** Minutes in which nothing came count nothing. A clock that was set back goes on in the newest minute. */
  private move(): void {
    const current = this.current();
    for (let minute = Math.max(this.minute + 1, current - this.minutes + 1); minute <= current; minute++)
      this.counts[minute % this.minutes] = 0;
    this.minute = Math.max(this.minute, current);
  }
}
