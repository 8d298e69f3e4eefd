/**
 * How often leases may be ended at one place. A machine that starts has up to four identities (firmware, loader, installer,
 * system), each of which needs the lease of the one before ended; one that changes its identity for ever would fill the journal.
 */
export class LeaseEnds {
  private readonly ended = new Map<string, number[]>();

  /** @param now monotonic ms */
  constructor(
    private readonly now: () => number,
    private readonly most = 8,
    private readonly withinMs = 600_000,
  ) {}

  may(place: string): boolean {
    return this.recent(place).length < this.most;
  }

  count(place: string): void {
    this.ended.set(place, [...this.recent(place), this.now()]);
  }

  /** Ms until a place that has to wait may go on; undefined where none waits. */
  nextDueMs(): number | undefined {
    const due = [...this.ended.keys()].flatMap((place) => {
      const recent = this.recent(place);
      const [first] = recent;
      return recent.length < this.most || first === undefined ? [] : [first + this.withinMs - this.now()];
    });
    return due.length === 0 ? undefined : Math.max(0, Math.min(...due));
  }

  private recent(place: string): readonly number[] {
    const from = this.now() - this.withinMs;
    const recent = (this.ended.get(place) ?? []).filter((at) => at > from);
    if (recent.length === 0) this.ended.delete(place);
    return recent;
  }
}
