const windowMs = 60_000;

/**
 * Bounds how often a port may come up: at most `upsPerMinute` in any minute, later ups wait for their turn.
 * A down is never delayed. Time is monotonic ms and comes from the caller.
 */
export class FlapDamper {
  private readonly ups = new Map<string, readonly number[]>();

  constructor(private readonly upsPerMinute: number) {}

  /** Ms an up of this port has to wait now; 0 when it may pass, and then it is counted. */
  waitForUp(port: string, now: number): number {
    const recent = (this.ups.get(port) ?? []).filter((at) => at > now - windowMs);
    const oldest = recent[0];
    if (recent.length >= this.upsPerMinute && oldest !== undefined) {
      this.ups.set(port, recent);
      return oldest + windowMs - now;
    }
    this.ups.set(port, [...recent, now]);
    return 0;
  }
}
