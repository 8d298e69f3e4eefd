import { formatPrefix } from '../../../../events/index.js';
import { uint16At, uint32At } from '../../capture/frame-bytes.js';
import { type FrameFields, NEIGHBOUR_SOLICITATION } from '../../capture/frame-fields.js';
import { hashOfAddress } from './port-meter.js';
import { Sketch } from './sketch.js';

/** The length of a prefix that is counted. */
export type CountedLength = 48 | 64;

/** What one IPv6 prefix did lately; frames of a port that the sieve cleared are not among them. */
export interface PrefixScore {
  readonly prefix: string;
  readonly frames: number;
  /** Different source addresses inside the prefix, and different addresses that sources asked for in it: estimates. */
  readonly sources: number;
  readonly fanOut: number;
  /** Different source addresses a second, over the time counted. */
  readonly newSourcesPerSecond: number;
  /** Of the last frame, ms since 1970. */
  readonly lastFrameTime: number;
}

const mostPrefixes = 64;
const windowMs = 10_000;

class Counted {
  frames = 0;
  errors = 0;
  readonly sources = new Sketch();
  readonly asked = new Sketch();
  lastFrameTime = 0;
  halfEnds = Number.NEGATIVE_INFINITY;

  constructor(
    public first: number,
    public second: number,
  ) {}

  /** Counts for another prefix from now on, whose frames may have been up to so many already. */
  becomeThatOf(first: number, second: number): void {
    this.first = first;
    this.second = second;
    this.errors = this.frames;
    this.sources.clear();
    this.asked.clear();
    this.lastFrameTime = 0;
    this.halfEnds = Number.NEGATIVE_INFINITY;
  }
}

/**
 * The busiest /64 and /48 prefixes among the frames that are not normal: at most 64 of each, found by the space-saving
 * algorithm (Metwally, Agrawal and El Abbadi 2005), so whoever sends more than a 64th of all is among them.
 */
export class Scorecard {
  private readonly by64 = new Map<number, Counted>();
  private readonly by48 = new Map<number, Counted>();

  count(bytes: Uint8Array, fields: FrameFields, time: number): void {
    if (fields.addressBytes !== 16) return;
    const { sender, target, kind } = fields;
    if (sender >= 0 && isGlobal(bytes, sender)) this.add(bytes, sender, 'sources', time);
    if (kind === NEIGHBOUR_SOLICITATION && target >= 0 && isGlobal(bytes, target))
      this.add(bytes, target, 'asked', time);
  }

  /** The busiest prefixes of a length, the one with most frames first. */
  top(length: CountedLength): PrefixScore[] {
    const counted = [...(length === 64 ? this.by64 : this.by48).values()];
    return counted
      .sort((a, b) => b.frames - a.frames)
      .map(({ first, second, frames, errors, sources, asked, lastFrameTime }) => ({
        prefix: formatPrefix([first, second, 0, 0], length),
        frames: frames - errors,
        sources: sources.distinct,
        fanOut: asked.distinct,
        newSourcesPerSecond: sources.distinct / (windowMs / 1000),
        lastFrameTime,
      }));
  }

  private add(bytes: Uint8Array, at: number, what: 'sources' | 'asked', time: number): void {
    const first = uint32At(bytes, at);
    const second = uint32At(bytes, at + 4);
    const hash = hashOfAddress(bytes, at, 16);
    for (const counted of [
      countedIn(this.by64, first, second),
      countedIn(this.by48, first, (second & 0xffff0000) >>> 0),
    ]) {
      if (time >= counted.halfEnds) turn(counted, time);
      counted.frames++;
      counted.lastFrameTime = Math.max(counted.lastFrameTime, time);
      counted[what].add(hash);
    }
  }
}

function turn(counted: Counted, time: number): void {
  const halves = time >= counted.halfEnds + windowMs / 2 ? 2 : 1;
  for (let half = 0; half < halves; half++) {
    counted.sources.turn();
    counted.asked.turn();
  }
  counted.halfEnds = time + windowMs / 2;
}

/** The counter of a prefix; where there is no room it takes the place, and the count, of the one with fewest frames. */
function countedIn(counters: Map<number, Counted>, first: number, second: number): Counted {
  const key = keyOf(first, second);
  const known = counters.get(key);
  if (known !== undefined) return known;
  const counted = counters.size < mostPrefixes ? new Counted(first, second) : fewestOf(counters);
  if (counters.size >= mostPrefixes) {
    counters.delete(keyOf(counted.first, counted.second));
    counted.becomeThatOf(first, second);
  }
  counters.set(key, counted);
  return counted;
}

const keyOf = (first: number, second: number): number => first * 0x100000000 + second;

function fewestOf(counters: ReadonlyMap<number, Counted>): Counted {
  let fewest: Counted | undefined;
  for (const one of counters.values()) if (fewest === undefined || one.frames < fewest.frames) fewest = one;
  if (fewest === undefined) throw new RangeError('There is no counter where there is no room for one more.');
  return fewest;
}

/** Addresses that somebody can be sold: 2000::/3 and fc00::/7. */
function isGlobal(bytes: Uint8Array, at: number): boolean {
  const top = uint16At(bytes, at);
  return top >>> 13 === 1 || top >>> 9 === 0x7e;
}
