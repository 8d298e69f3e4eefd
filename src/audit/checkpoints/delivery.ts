import type { Alerts } from '../../ops/alerts.js';

/** Where checkpoints go: off the machine, or to a file that somebody fetches. */
export interface Destination {
  /** As a person knows it, without secrets; the key of its alert. */
  readonly name: string;
  /** Resolves when the destination has it, as far as its protocol tells; rejects within a deadline of its own. */
  deliver(note: string): Promise<void>;
}

/** A destination that did not take a checkpoint. */
export class DeliveryError extends Error {
  constructor(
    message: string,
    /** When it wants to be asked again, if it said so. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
    this.name = 'DeliveryError';
  }
}

const alertCode = 'checkpoint-undelivered';

/** How long to wait after a failure: doubled from the first to the longest, less up to half of it by chance. */
export interface RetryTimes {
  readonly firstMs: number;
  readonly longestMs: number;
}
const usualTimes: RetryTimes = { firstMs: 1000, longestMs: 300_000 };

/** Brings checkpoints to one destination and tries again until it succeeds; the newest takes the place of one that waits. */
export class Delivery {
  private waiting: string | undefined;
  private running: Promise<void> | undefined;
  private closing = false;
  private wake: () => void = () => {};

  constructor(
    private readonly destination: Destination,
    private readonly alerts: Pick<Alerts, 'raise' | 'clear'>,
    private readonly times: RetryTimes = usualTimes,
  ) {}

  /** Takes a note to deliver; never waits and never fails. */
  offer(note: string): void {
    this.waiting = note;
    this.running ??= this.deliverAll().finally(() => (this.running = undefined));
  }

  /** Tries once more to deliver what waits, at once, and stops. */
  async close(): Promise<void> {
    this.closing = true;
    this.wake();
    await this.running;
  }

  private async deliverAll(): Promise<void> {
    let pauseMs = this.times.firstMs;
    while (this.waiting !== undefined) {
      const note = this.waiting;
      const isLastTry = this.closing;
      try {
        await this.destination.deliver(note);
        if (this.waiting === note) this.waiting = undefined;
        this.alerts.clear(alertCode, this.destination.name);
        pauseMs = this.times.firstMs;
      } catch (error) {
        const detail = `${(error as Error).message} Checkpoints do not reach ${this.destination.name}; the newest one is tried again.`;
        this.alerts.raise(alertCode, { key: this.destination.name, detail });
        if (isLastTry) return;
        const asked = error instanceof DeliveryError ? (error.retryAfterMs ?? 0) : 0;
        await this.pause(Math.max(pauseMs * (1 - Math.random() / 2), Math.min(asked, this.times.longestMs)));
        pauseMs = Math.min(pauseMs * 2, this.times.longestMs);
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    if (this.closing) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => (clearTimeout(timer), resolve());
    });
  }
}
