const windowMs = 60_000;

/**
 * Bounds how often a port may come up: at most `upsPerMinute` in any minute, later ups wait for their turn.
 * A down is never delayed. Time is monotonic ms and comes from the caller.
 */
export class FlapDamper {
  private readonly ups = new Map<string, readonly number[]>();

  constructor(private readonly upsPerMinute: number) {}

  /** Ms an up of this port has to wait now; 0 when it may pass. */
  waitForUp(port: string, now: number): number {
    const recent = this.recent(port, now);
    const oldest = recent[0];
    return recent.length >= this.upsPerMinute && oldest !== undefined ? oldest + windowMs - now : 0;
  }

  /** An up of this port has passed and counts. */
  passed(port: string, now: number): void {
    this.ups.set(port, [...this.recent(port, now), now]);
  }

  private recent(port: string, now: number): number[] {
    return (this.ups.get(port) ?? []).filter((at) => at > now - windowMs);
  }
}
