import { countStates, portStates, type StateCounts } from './port-state.js';

interface Known {
  /** What the counts were made of: the same things, the same counts. */
  readonly stamp: readonly unknown[];
  readonly counts: StateCounts;
}

/** How many ports of each switch are in each state, as long as what they were made of is the same, and the sum over all of them. */
export class BoardCounts {
  private readonly known = new Map<string, Known>();
  private readonly sum = new Map(portStates.map((state) => [state, 0]));

  /** How many switches were counted. */
  get size(): number {
    return this.known.size;
  }

  /** The switches that were counted. */
  names(): IterableIterator<string> {
    return this.known.keys();
  }

  /** The counts of a switch; undefined where they were made of other things, or never. */
  get(name: string, stamp: readonly unknown[]): StateCounts | undefined {
    const known = this.known.get(name);
    return known !== undefined && isSame(known.stamp, stamp) ? known.counts : undefined;
  }

  keep(name: string, stamp: readonly unknown[], counts: StateCounts): void {
    const before = this.known.get(name)?.counts;
    for (const state of portStates)
      this.sum.set(state, (this.sum.get(state) ?? 0) + counts[state] - (before?.[state] ?? 0));
    this.known.set(name, { stamp, counts });
  }

  drop(name: string): void {
    this.keep(name, [], countStates([]));
    this.known.delete(name);
  }

  total(): StateCounts {
    return Object.fromEntries(this.sum) as StateCounts;
  }

  clear(): void {
    for (const state of portStates) this.sum.set(state, 0);
    this.known.clear();
  }
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((part, at) => part === other[at]);
}
