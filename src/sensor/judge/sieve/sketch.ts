const bitsOfSketch = 4_096;
const words = bitsOfSketch / 32;
/** So many set bits are kept as a list; nearly every port stays below. */
const mostListed = 12;

/**
 * About how many different things were counted lately, by linear counting (Whang, Vander-Zanden and Taylor 1990): a bit for
 * each hash. Within one of the truth up to a few dozen, within some per cent up to thousands; it tells at most 34,069.
 * Old things leave by halves of the window: what is told is of the last half and the one before. The bits take a kilobyte,
 * made only where more than a few are set; what is counted again and again is known without a look at them.
 */
export class Sketch {
  /** The last two bits that were set in this half; -1 where there is none. */
  private recent = -1;
  private recentBefore = -1;
  /** Bits set; grows with the number of different things, and costs nothing to look at. */
  bits = 0;
  /** Each bit times two, and one more where it was set in this half. */
  private listed: number[] = [];
  private many: ManyBits | undefined;

  get distinct(): number {
    return distinctOf(this.bits);
  }

  add(hash: number): void {
    const bit = hash & (bitsOfSketch - 1);
    if (bit === this.recent || bit === this.recentBefore) return;
    this.recentBefore = this.recent;
    this.recent = bit;
    if (this.many === undefined) this.list(bit);
    else if (this.many.add(bit)) this.bits++;
  }

  /** A half of the window is over. */
  turn(): void {
    if (this.bits === 0) return;
    this.recent = -1;
    this.recentBefore = -1;
    if (this.many === undefined) {
      this.listed = this.listed.filter((one) => (one & 1) === 1).map((one) => one - 1);
      this.bits = this.listed.length;
      return;
    }
    this.bits = this.many.turn();
    if (this.bits === 0) this.many = undefined;
  }

  /** Forgets everything. */
  clear(): void {
    this.recent = -1;
    this.recentBefore = -1;
    this.bits = 0;
    this.listed.length = 0;
    this.many = undefined;
  }

  private list(bit: number): void {
    const { listed } = this;
    const known = listed.findIndex((one) => one >>> 1 === bit);
    if (known >= 0) {
      listed[known] = bit * 2 + 1;
      return;
    }
    this.bits++;
    if (listed.length < mostListed) {
      listed.push(bit * 2 + 1);
      return;
    }
    this.many = new ManyBits(listed);
    this.many.add(bit);
    this.listed = [];
  }
}

class ManyBits {
  private current = new Uint32Array(words);
  /** The bits of this half and of the one before. */
  private both = new Uint32Array(words);

  /** @param listed bits as `Sketch` lists them */
  constructor(listed: readonly number[]) {
    for (const one of listed) {
      setBit(this.both, one >>> 1);
      if ((one & 1) === 1) setBit(this.current, one >>> 1);
    }
  }

  /** True where the bit was not set in this half or the one before. */
  add(bit: number): boolean {
    setBit(this.current, bit);
    return setBit(this.both, bit);
  }

  /** The bits that are still set. */
  turn(): number {
    [this.current, this.both] = [this.both, this.current];
    this.current.fill(0);
    let set = 0;
    for (const word of this.both) set += onesIn(word);
    return set;
  }
}

/** True where it was not set before. */
function setBit(bits: Uint32Array, bit: number): boolean {
  const at = bit >>> 5;
  const mask = 1 << (bit & 31);
  const word = bits[at] ?? 0;
  bits[at] = word | mask;
  return (word & mask) === 0;
}

const distinctByBits = Uint16Array.from({ length: bitsOfSketch + 1 }, (_, bits) =>
  Math.max(0, Math.round(-bitsOfSketch * Math.log(Math.max(1, bitsOfSketch - bits) / bitsOfSketch))),
);

/** How many different things so many set bits stand for. */
export function distinctOf(bits: number): number {
  return distinctByBits[bits] ?? 0;
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
