/** How often an exception excused a finding, and when it did last. */
export interface ExceptionCount {
  readonly exceptionId: string;
  /** Findings of frames that the rules looked at; of frames quite alike they look at one a second. */
  readonly hits: number;
  /** Capture time of the newest frame, ms since 1970. */
  readonly lastHit: number;
}

/** Counts for each exception what it excused; there are never more of them than exceptions were granted. */
export class ExceptionHits {
  private readonly byId = new Map<string, ExceptionCount>();

  /** Adds what was counted for an exception; a frame older than the newest counts as well. */
  add({ exceptionId, hits, lastHit }: ExceptionCount): void {
    const before = this.byId.get(exceptionId);
    this.byId.set(exceptionId, {
      exceptionId,
      hits: (before?.hits ?? 0) + hits,
      lastHit: Math.max(before?.lastHit ?? lastHit, lastHit),
    });
  }

  of(exceptionId: string): ExceptionCount | undefined {
    return this.byId.get(exceptionId);
  }

  all(): ExceptionCount[] {
    return [...this.byId.values()];
  }
}

/** What the judges of an engine counted since it started, also those that ended by themselves. */
export class ExceptionBook {
  private readonly ofEarlierJudges = new ExceptionHits();
  private told: readonly ExceptionCount[] = [];

  /** @param since when the engine began to hear, ms since 1970 */
  constructor(readonly since: number) {}

  /** What the judge has counted from its own start on. */
  take(told: readonly ExceptionCount[]): void {
    this.told = told;
  }

  /** The next judge counts from nothing. */
  judgeWasReplaced(): void {
    for (const count of this.told) this.ofEarlierJudges.add(count);
    this.told = [];
  }

  counts(): ExceptionHits {
    const all = new ExceptionHits();
    for (const count of [...this.ofEarlierJudges.all(), ...this.told]) all.add(count);
    return all;
  }
}
