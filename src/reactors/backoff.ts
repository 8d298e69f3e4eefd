const firstDelayMs = 500;
const longestDelayMs = 60_000;

/** Which keys have to wait before they are tried again: twice as long after each failure, forgotten at the first success. */
export class Backoff {
  private readonly waits = new Map<string, { readonly failures: number; readonly until: number }>();

  /** `now` in ms, monotonic. */
  constructor(private readonly now: () => number) {}

  failed(key: string): void {
    const failures = (this.waits.get(key)?.failures ?? 0) + 1;
    const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
    this.waits.set(key, { failures, until: this.now() + delay });
  }

  succeeded(key: string): void {
    this.waits.delete(key);
  }

  /** Everything may be tried again at once: somebody says that the world changed. */
  forgiven(key: string): void {
    const wait = this.waits.get(key);
    if (wait !== undefined) this.waits.set(key, { ...wait, until: this.now() });
  }

  isWaiting(key: string): boolean {
    const wait = this.waits.get(key);
    return wait !== undefined && wait.until > this.now();
  }

  /** Ms until the next key may be tried; undefined when none waits. */
  nextDueMs(): number | undefined {
    const due = [...this.waits.values()].map((wait) => Math.max(0, wait.until - this.now()));
    return due.length === 0 ? undefined : Math.min(...due);
  }
}
