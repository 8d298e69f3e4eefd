/** As many numbers as one index may cover: 32 MiB of bits, an IPv4 /4 or the /64s of a /36. */
export const mostNumbers = 2 ** 28;

/**
 * Which of the numbers 0 to size - 1 are free. One bit a number, and above each level a bit for each of its words that has
 * any bit set: finding the next free number looks at two words a level, however full it is (six levels at most), and costs
 * an eighth of a byte a number and a thirty-first of that.
 */
export class FreeNumbers {
  /** From the numbers themselves up to a single word. */
  private readonly levels: readonly Uint32Array[];
  private left: number;

  /**
   * @param size how many numbers there are; all are free
   * @throws RangeError where that is no whole number from 1 to `mostNumbers`
   */
  constructor(readonly size: number) {
    if (!Number.isInteger(size) || size < 1 || size > mostNumbers)
      throw new RangeError(
        `An index of ${size} numbers: expected 1 to ${mostNumbers}. Split the range into smaller ones.`,
      );
    const levels: Uint32Array[] = [];
    for (let bits = size; ; bits = Math.ceil(bits / wordBits)) {
      levels.push(allSet(bits));
      if (bits <= wordBits) break;
    }
    this.levels = levels;
    this.left = size;
  }

  /** How many are free. */
  get free(): number {
    return this.left;
  }

  isFree(number: number): boolean {
    return ((this.words(0)[this.placeOf(number)] ?? 0) & bitOf(number)) !== 0;
  }

  /** Takes a number; false where it was taken before. */
  take(number: number): boolean {
    if (!this.isFree(number)) return false;
    this.left--;
    let bit = number;
    for (const words of this.levels) {
      const place = bit >>> wordShift;
      const word = ((words[place] ?? 0) & ~bitOf(bit)) >>> 0;
      words[place] = word;
      if (word !== 0) break;
      bit = place;
    }
    return true;
  }

  /** Gives a number back; false where it was free. */
  give(number: number): boolean {
    if (this.isFree(number)) return false;
    this.left++;
    let bit = number;
    for (const words of this.levels) {
      const place = bit >>> wordShift;
      const word = words[place] ?? 0;
      words[place] = (word | bitOf(bit)) >>> 0;
      if (word !== 0) break;
      bit = place;
    }
    return true;
  }

  /** Takes, or gives back, every number from `from` to `to` - 1, a word at a time. */
  setSpan(from: number, to: number, isFree: boolean): void {
    if (to <= from) return;
    let [first, last] = [this.placeOf(from), this.placeOf(to - 1)];
    const numbers = this.words(0);
    for (let place = first; place <= last; place++) {
      const head = place === first ? ~0 << (from & wordMask) : ~0;
      const tail = place === last ? ~0 >>> (wordMask - ((to - 1) & wordMask)) : ~0;
      const before = numbers[place] ?? 0;
      const after = (isFree ? before | (head & tail) : before & ~(head & tail)) >>> 0;
      this.left += bitsIn(after) - bitsIn(before);
      numbers[place] = after;
    }
    for (let level = 1; level < this.levels.length; level++) {
      const [below, words] = [this.words(level - 1), this.words(level)];
      for (let bit = first; bit <= last; bit++) {
        const place = bit >>> wordShift;
        const word = words[place] ?? 0;
        words[place] = below[bit] === 0 ? word & ~bitOf(bit) : word | bitOf(bit);
      }
      [first, last] = [first >>> wordShift, last >>> wordShift];
    }
  }

  /** The first free number that is not below `from`; undefined where none is. */
  nextFree(from = 0): number | undefined {
    if (from >= this.size) return undefined;
    let bit = Math.max(0, from);
    for (let level = 0; level < this.levels.length; level++) {
      const words = this.words(level);
      const place = bit >>> wordShift;
      const here = (words[place] ?? 0) & (~0 << (bit & wordMask));
      if (here !== 0) return this.firstUnder(level, place * wordBits + lowestBit(here));
      bit = place + 1;
    }
    return undefined;
  }

  /** The first free number below a set bit of a level. */
  private firstUnder(level: number, set: number): number {
    let bit = set;
    for (let below = level - 1; below >= 0; below--) bit = bit * wordBits + lowestBit(this.words(below)[bit] ?? 0);
    return bit;
  }

  private words(level: number): Uint32Array {
    return this.levels[level] ?? none;
  }

  private placeOf(number: number): number {
    if (!Number.isInteger(number) || number < 0 || number >= this.size)
      throw new RangeError(`The number ${number} is not one of 0 to ${this.size - 1}.`);
    return number >>> wordShift;
  }
}

const wordBits = 32;
const wordShift = 5;
const wordMask = 31;
const none = new Uint32Array(0);

const bitOf = (number: number): number => 1 << (number & wordMask);
const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);

function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** So many bits, all set, and none behind them. */
function allSet(bits: number): Uint32Array {
  const words = new Uint32Array(Math.ceil(bits / wordBits)).fill(0xffffffff);
  const rest = bits & wordMask;
  if (rest !== 0) words[words.length - 1] = (1 << rest) - 1;
  return words;
}
