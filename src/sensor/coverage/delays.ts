const spanMs = 10_000;

/** How late frames were judged, the worst of the last ten to twenty seconds; two numbers, whatever comes. */
export class Delays {
  private spanStart = Number.NEGATIVE_INFINITY;
  private worstNow = 0;
  private worstBefore = 0;

  /** A frame captured `behindMs` ago was judged at `now`, ms since 1970; frames from the future are on time. */
  note(behindMs: number, now: number): void {
    this.turn(now);
    if (behindMs > this.worstNow) this.worstNow = behindMs;
  }

  /** Milliseconds. */
  worst(now: number): number {
    this.turn(now);
    return Math.max(this.worstNow, this.worstBefore);
  }

  private turn(now: number): void {
    const passed = now - this.spanStart;
    if (passed >= 0 && passed < spanMs) return;
    this.worstBefore = passed >= 0 && passed < 2 * spanMs ? this.worstNow : 0;
    this.worstNow = 0;
    this.spanStart = now;
  }
}
