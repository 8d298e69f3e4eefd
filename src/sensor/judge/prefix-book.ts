import type { Ipv6Prefix } from '../../../events/index.js';
import type { PrefixCount } from './prefix-use.js';

/** What the judges of an engine counted of the prefixes that are watched, also those that ended by themselves. */
export class PrefixBook {
  /** How often a judge took over from one that ended: what was captured in between may be lost. */
  gaps = 0;
  private watched: readonly Ipv6Prefix[] = [];
  private ofEarlierJudges = new Map<Ipv6Prefix, PrefixCount>();
  private told: readonly PrefixCount[] = [];

  get prefixes(): readonly Ipv6Prefix[] {
    return this.watched;
  }

  watch(prefixes: readonly Ipv6Prefix[]): void {
    this.watched = prefixes;
    const kept = new Set(prefixes);
    this.ofEarlierJudges = new Map([...this.ofEarlierJudges].filter(([prefix]) => kept.has(prefix)));
  }

  /** What the judge has counted from its own start on. */
  take(told: readonly PrefixCount[]): void {
    this.told = told;
  }

  /** The next judge counts from nothing. */
  judgeWasReplaced(): void {
    this.gaps++;
    for (const one of this.told) this.ofEarlierJudges.set(one.prefix, this.sumOf(one));
    this.told = [];
  }

  /** Undefined for a prefix that no judge has said it counts. */
  of(prefix: Ipv6Prefix): PrefixCount | undefined {
    const told = this.told.find((one) => one.prefix === prefix);
    return told === undefined ? this.ofEarlierJudges.get(prefix) : this.sumOf(told);
  }

  private sumOf(told: PrefixCount): PrefixCount {
    const { prefix, frames, lastHeard } = told;
    const before = this.ofEarlierJudges.get(prefix);
    return {
      prefix,
      frames: frames + (before?.frames ?? 0),
      lastHeard: Math.max(lastHeard, before?.lastHeard ?? 0),
    };
  }
}
