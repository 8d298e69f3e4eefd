import type { Rated, Tally } from './day-report.js';

/** How many are shown of each. */
const mostShown = 10;

/** Counts violations and frames by a name. */
export class Tallies {
  private readonly counts = new Map<string, { violations: number; frames: number }>();

  add(name: string | undefined, violations: number, frames: number): void {
    if (name === undefined) return;
    const count = this.counts.get(name) ?? { violations: 0, frames: 0 };
    count.violations += violations;
    count.frames += frames;
    this.counts.set(name, count);
  }

  /** The loudest first. */
  loudest(): Tally[] {
    return [...this.counts]
      .map(([name, count]) => ({ name, ...count }))
      .sort((a, b) => b.frames - a.frames || b.violations - a.violations || (a.name < b.name ? -1 : 1))
      .slice(0, mostShown);
  }

  /** By number of violations, most first; all of them. */
  rated(): Rated[] {
    return [...this.counts]
      .map(([name, { violations }]) => ({ name, count: violations }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  }
}
