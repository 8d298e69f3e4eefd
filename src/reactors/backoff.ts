const firstDelayMs = 500;
const longestDelayMs = 60_000;
/** However often somebody says that the world changed, a key that fails is tried at most this often. */
const shortestPauseMs = 100;

interface Wait {
  readonly failures: number;
  readonly failedAt: number;
  readonly until: number;
}

/** Which keys have to wait before they are tried again: twice as long after each failure, forgotten at the first success. */
export class Backoff {
  private readonly waits = new Map<string, Wait>();

  /** `now` in ms, monotonic. */
  constructor(private readonly now: () => number) {}

  /** `longestMs` bounds the wait. */
  failed(key: string, longestMs = longestDelayMs): void {
    const failures = (this.waits.get(key)?.failures ?? 0) + 1;
    const failedAt = this.now();
    const delay = Math.min(longestMs, firstDelayMs * 2 ** (failures - 1));
    this.waits.set(key, { failures, failedAt, until: failedAt + delay });
  }

  succeeded(key: string): void {
    this.waits.delete(key);
  }

  /** Somebody says that the world changed: this key, or every key, may be tried again at once, but for a short pause. */
  forgiven(key?: string): void {
    for (const [waiting, wait] of this.waits) {
      if (key !== undefined && waiting !== key) continue;
      const until = Math.min(wait.until, Math.max(this.now(), wait.failedAt + shortestPauseMs));
      this.waits.set(waiting, { ...wait, until });
    }
  }

  isWaiting(key: string): boolean {
    const wait = this.waits.get(key);
    return wait !== undefined && wait.until > this.now();
  }

  /** The keys whose wait is over and that may be tried now. */
  due(): string[] {
    return [...this.waits.keys()].filter((key) => !this.isWaiting(key));
  }

  /** Forgets those of the keys that did not fail again: nobody wants them any more, or it went well. */
  forget(keys: readonly string[]): void {
    for (const key of keys) if (!this.isWaiting(key)) this.waits.delete(key);
  }

  /** Ms until the next key may be tried; undefined when none waits. */
  nextDueMs(): number | undefined {
    const due = [...this.waits.values()].map((wait) => Math.max(0, wait.until - this.now()));
    return due.length === 0 ? undefined : Math.min(...due);
  }
}
