/** How many messages may go: so many a minute, and a few at once after a pause. */
export class AlertBudget {
  private tokens: number;
  private at: number;

  /** `atOnce` messages at most without a pause; one more every `everyMs`. */
  constructor(
    private readonly atOnce: number,
    private readonly everyMs: number,
    now: number,
  ) {
    this.tokens = atOnce;
    this.at = now;
  }

  /** How many may go now, in whole messages. */
  left(now: number): number {
    const gained = Math.max(0, now - this.at) / this.everyMs;
    this.tokens = Math.min(this.atOnce, this.tokens + gained);
    this.at = now;
    // A message that is due at a moment is not held back for a rounding error.
    return Math.floor(this.tokens + 1e-9);
  }

  take(now: number): void {
    this.left(now);
    this.tokens = Math.max(0, this.tokens - 1);
  }

  /** When the next one may go; ms, as `now`. */
  nextAt(now: number): number {
    return this.left(now) >= 1 ? now : now + Math.ceil((1 - this.tokens) * this.everyMs);
  }
}
