/** Of the time at most one part in so many goes into working it out again. */
const partOfTheTime = 20;
const leastMs = 5_000;

/** An answer that is dear to work out: the last one is given at once, and worked out anew beside that, never twice at a time. */
export class KeptAnswer<Answer> {
  private last: Answer | undefined;
  private againAt = 0;
  private running: Promise<void> | undefined;

  constructor(
    private readonly work: () => Promise<Answer>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Undefined where none could be worked out within `patienceMs`. */
  async current(patienceMs: number): Promise<Answer | undefined> {
    if (this.now() >= this.againAt) this.running ??= this.renew();
    if (this.last !== undefined || this.running === undefined) return this.last;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
    await Promise.race([this.running, late]);
    clearTimeout(timer);
    return this.last;
  }

  private async renew(): Promise<void> {
    const began = this.now();
    try {
      this.last = await this.work();
    } catch {
      // Who answers says itself what is wrong with it; what was known stays.
    } finally {
      const ended = this.now();
      this.againAt = ended + Math.max(leastMs, (ended - began) * partOfTheTime);
      this.running = undefined;
    }
  }
}
