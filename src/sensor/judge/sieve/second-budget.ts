const secondMs = 1_000;

/** So many of something in each second of the frames' time. */
export class SecondBudget {
  private start = Number.NEGATIVE_INFINITY;
  private used = 0;

  constructor(private readonly most: number) {}

  /** True while the second is not used up. */
  take(time: number): boolean {
    if (time - this.start >= secondMs || time < this.start - secondMs) {
      this.start = time;
      this.used = 0;
    }
    return ++this.used <= this.most;
  }
}
