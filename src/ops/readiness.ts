/** What one check finds. */
export interface CheckResult {
  readonly ok: boolean;
  readonly detail: string;
  /** True when the engine serves, but not everything works: ready all the same. */
  readonly degraded?: boolean;
}

export interface CheckReport extends CheckResult {
  readonly name: string;
  /** Seconds since this check last changed its mind, as far as anybody looked. */
  readonly ageSeconds: number;
}

/** The checks that say whether the engine can serve. Each room registers its own. */
export class Readiness {
  private readonly checks = new Map<string, () => CheckResult>();
  private readonly since = new Map<string, { readonly state: string; readonly at: number }>();

  constructor(private readonly monotonicMs: () => number = () => performance.now()) {}

  /** `check` is asked at every look and must answer at once, from memory. Throws when the name is taken. */
  register(name: string, check: () => CheckResult): void {
    if (this.checks.has(name))
      throw new Error(`Readiness check ${name} is registered twice; give each check its own name.`);
    this.checks.set(name, check);
    this.report(name, check);
  }

  reports(): CheckReport[] {
    return [...this.checks].map(([name, check]) => this.report(name, check));
  }

  private report(name: string, check: () => CheckResult): CheckReport {
    const result = check();
    const state = `${result.ok} ${result.degraded ?? false}`;
    const now = this.monotonicMs();
    const known = this.since.get(name);
    if (known?.state !== state) this.since.set(name, { state, at: now });
    const since = known?.state === state ? known.at : now;
    return { name, ...result, ageSeconds: Math.round((now - since) / 1000) };
  }
}
