import type { Log } from '../ops/log.js';

const windowMs = 60_000;

/** Warnings that strangers can cause: so many a minute, then only counted, and the count is told with the next one. */
export class BoundedLog {
  private began = Number.NEGATIVE_INFINITY;
  private written = 0;
  private suppressed = 0;

  constructor(
    private readonly log: Log,
    private readonly aMinute = 30,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  warn(message: string, fields: Readonly<Record<string, unknown>>): void {
    const now = this.monotonic();
    if (now - this.began >= windowMs) {
      this.began = now;
      this.written = 0;
    }
    if (this.written >= this.aMinute) {
      this.suppressed++;
      return;
    }
    this.written++;
    this.log.warn(message, this.suppressed === 0 ? fields : { ...fields, suppressedBefore: this.suppressed });
    this.suppressed = 0;
  }
}
