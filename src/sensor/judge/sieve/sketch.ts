const bitsOfSketch = 4_096;
const words = bitsOfSketch / 32;

/**
 * About how many different things were counted lately, by linear counting (Whang, Vander-Zanden and Taylor 1990): a bit for
 * each hash. Within one of the truth up to a few dozen, within some per cent up to thousands; it tells at most 34,069.
 * Old things leave by halves of the window: what is told is of the last half and the one before.
 */
export class Sketch {
  private current = new Uint32Array(words);
  /** The bits of this half and of the one before. */
  private both = new Uint32Array(words);
  private set = 0;

  /** Bits set: grows with the number of different things, and costs nothing to look at. */
  get bits(): number {
    return this.set;
  }

  get distinct(): number {
    return distinctOf(this.set);
  }

  add(hash: number): void {
    const word = (hash >>> 5) & (words - 1);
    const bit = 1 << (hash & 31);
    this.current[word] = (this.current[word] ?? 0) | bit;
    if (((this.both[word] ?? 0) & bit) !== 0) return;
    this.both[word] = (this.both[word] ?? 0) | bit;
    this.set++;
  }

  /** A half of the window is over. */
  turn(): void {
    if (this.set === 0) return;
    [this.current, this.both] = [this.both, this.current];
    this.current.fill(0);
    this.set = 0;
    for (const word of this.both) this.set += onesIn(word);
  }
}

/** How many different things so many set bits stand for. */
export function distinctOf(bits: number): number {
  return Math.max(0, Math.round(-bitsOfSketch * Math.log(Math.max(1, bitsOfSketch - bits) / bitsOfSketch)));
}

/** The fewest set bits that stand for more than so many different things. */
export function bitsAbove(things: number): number {
  let bits = 0;
  while (distinctOf(bits) <= things) bits++;
  return bits;
}

function onesIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
