const windowMs = 60_000;
const mostFailures = 10;
const mostKeys = 20_000;

/**
 * Counts failed sign-ins by address and by user name: ten a minute each. An attempt counts from its beginning, so that
 * many at once are no way around it; a success takes its own back.
 */
export class Attempts {
  /** Beginnings of failed attempts by key, oldest first; the key used last stands last. */
  private readonly failures = new Map<string, number[]>();

  constructor(private readonly monotonic: () => number = () => performance.now()) {}

  /** Begins an attempt under all keys; or says for how many seconds none of them may try again. */
  begin(keys: readonly string[]): { readonly succeeded: () => void } | { readonly retryAfterSeconds: number } {
    const now = this.monotonic();
    const waits = keys.map((key) => this.waitOf(key, now)).filter((wait) => wait > 0);
    if (waits.length > 0) return { retryAfterSeconds: Math.ceil(Math.max(...waits) / 1000) };
    for (const key of keys) {
      const recent = [...this.recent(key, now), now];
      this.failures.delete(key);
      this.failures.set(key, recent);
    }
    this.forget();
    return { succeeded: () => this.takeBack(keys, now) };
  }

  private waitOf(key: string, now: number): number {
    const recent = this.recent(key, now);
    const [oldest] = recent.slice(-mostFailures);
    return recent.length < mostFailures || oldest === undefined ? 0 : oldest + windowMs - now;
  }

  private recent(key: string, now: number): number[] {
    return (this.failures.get(key) ?? []).filter((at) => at > now - windowMs);
  }

  private takeBack(keys: readonly string[], begun: number): void {
    for (const key of keys) {
      const times = this.failures.get(key) ?? [];
      const at = times.indexOf(begun);
      if (at >= 0) times.splice(at, 1);
      if (times.length === 0) this.failures.delete(key);
    }
  }

  /** A stranger who makes up names must not fill the memory. */
  private forget(): void {
    for (const key of this.failures.keys()) {
      if (this.failures.size <= mostKeys) return;
      this.failures.delete(key);
    }
  }
}
