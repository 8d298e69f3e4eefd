import { setTimeout as sleep } from 'node:timers/promises';

/** Growing pauses with jitter, so that many who lost one server do not come back in step. */
export class Backoff {
  private current: number;

  constructor(
    private readonly firstMs = 100,
    private readonly longestMs = 2000,
  ) {
    this.current = firstMs;
  }

  reset(): void {
    this.current = this.firstMs;
  }

  /** Waits from half to all of the current pause and doubles it. Resolves early, and quietly, when `signal` aborts. */
  async pause(signal?: AbortSignal): Promise<void> {
    const ms = this.current * (0.5 + Math.random() / 2);
    this.current = Math.min(this.longestMs, this.current * 2);
    await pause(ms, signal);
  }
}

/** Waits; resolves early, and quietly, when `signal` aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal && { signal }).catch(() => undefined);
}
