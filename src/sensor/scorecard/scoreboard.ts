import type { CountedLength, PrefixScore } from '../judge/sieve/scorecard.js';

/** The busiest prefixes of each length as the judge counts them now. Can be cloned: it comes from another thread. */
export type PrefixScores = Readonly<Record<CountedLength, readonly PrefixScore[]>>;

/** What a prefix does now, and the most it did since it is known here. */
export interface ScoredPrefix {
  readonly prefix: string;
  readonly length: CountedLength;
  /** Frames counted for it: those that were not normal at once. */
  readonly frames: number;
  /** Different source addresses a second, now and at most. Estimates. */
  readonly newSources: number;
  readonly peakNewSources: number;
  /** Different addresses inside it that were asked for in the last ten seconds, now and at most. Estimates. */
  readonly fanOut: number;
  readonly peakFanOut: number;
  /** Capture time of the last frame, ms since 1970. */
  readonly lastFrameTime: number;
}

const mostPrefixes = 256;
/** The time the judge counts over: a prefix that was quiet for longer does nothing now. */
const countedMs = 10_000;

/** Remembers the peaks of the prefixes that were busy lately; bounded, whoever makes up what prefixes. */
export class Scoreboard {
  private readonly known = new Map<string, ScoredPrefix>();

  /** To be called about once a second; what comes in between is not missed, the judge counts it. */
  update(scores: PrefixScores): void {
    for (const length of [48, 64] as const) for (const score of scores[length]) this.note(length, score);
    this.forgetOldest();
  }

  /** The busiest first. `now`: ms since 1970. */
  top(now: number): ScoredPrefix[] {
    return [...this.known.values()].map((one) => asOf(one, now)).sort(busiestFirst);
  }

  private note(length: CountedLength, score: PrefixScore): void {
    const { prefix, frames, newSourcesPerSecond: newSources, fanOut, lastFrameTime } = score;
    const before = this.known.get(prefix);
    if (before !== undefined && before.lastFrameTime === lastFrameTime && before.frames === frames) return;
    this.known.delete(prefix);
    this.known.set(prefix, {
      prefix,
      length,
      frames,
      newSources,
      peakNewSources: Math.max(newSources, before?.peakNewSources ?? 0),
      fanOut,
      peakFanOut: Math.max(fanOut, before?.peakFanOut ?? 0),
      lastFrameTime,
    });
  }

  private forgetOldest(): void {
    for (const prefix of this.known.keys()) {
      if (this.known.size <= mostPrefixes) return;
      this.known.delete(prefix);
    }
  }
}

function asOf(one: ScoredPrefix, now: number): ScoredPrefix {
  return now - one.lastFrameTime <= countedMs ? one : { ...one, newSources: 0, fanOut: 0 };
}

function busiestFirst(a: ScoredPrefix, b: ScoredPrefix): number {
  return (
    b.newSources + b.fanOut - (a.newSources + a.fanOut) ||
    b.peakNewSources + b.peakFanOut - (a.peakNewSources + a.peakFanOut) ||
    b.lastFrameTime - a.lastFrameTime ||
    (a.prefix < b.prefix ? -1 : 1)
  );
}
