const fewest = 16;

/**
 * From hashes of 32 bits to whole numbers from 0 to 2^31 - 2: open addressing, at most three quarters full. A question makes no
 * garbage, and mostly looks at one place in memory: a hash and its number stand side by side.
 */
export class HashIndex {
  /** In pairs: the hash, and one more than the number kept; that is 0 where nothing is. */
  private pairs = new Int32Array(2 * fewest);
  private mask = fewest - 1;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The number kept for this hash; -1 when there is none. */
  get(hash: number): number {
    return (this.pairs[2 * this.placeOf(hash | 0) + 1] ?? 0) - 1;
  }

  set(hash: number, value: number): void {
    let place = this.placeOf(hash | 0);
    if (this.pairs[2 * place + 1] === 0 && ++this.count * 4 > (this.mask + 1) * 3) {
      this.resize((this.mask + 1) * 2);
      place = this.placeOf(hash | 0);
    }
    this.pairs[2 * place] = hash;
    this.pairs[2 * place + 1] = value + 1;
  }

  /** Forgets a hash; one that was never set is left alone. */
  delete(hash: number): void {
    const { pairs, mask } = this;
    let hole = this.placeOf(hash | 0);
    if (pairs[2 * hole + 1] === 0) return;
    pairs[2 * hole + 1] = 0;
    if (--this.count === 0 && mask >= fewest) return this.resize(fewest);
    // Those behind the hole move up, as far as their own hash allows: so no look-up meets a gap on its way.
    for (let place = (hole + 1) & mask; pairs[2 * place + 1] !== 0; place = (place + 1) & mask) {
      const home = (pairs[2 * place] ?? 0) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      pairs[2 * hole] = pairs[2 * place] ?? 0;
      pairs[2 * hole + 1] = pairs[2 * place + 1] ?? 0;
      pairs[2 * place + 1] = 0;
      hole = place;
    }
  }

  /** Where this hash stands, or the empty place where it would. */
  private placeOf(hash: number): number {
    const { pairs, mask } = this;
    let place = hash & mask;
    while (pairs[2 * place + 1] !== 0 && pairs[2 * place] !== hash) place = (place + 1) & mask;
    return place;
  }

  private resize(places: number): void {
    const { pairs } = this;
    this.pairs = new Int32Array(2 * places);
    this.mask = places - 1;
    for (let index = 0; index < pairs.length; index += 2) {
      if (pairs[index + 1] === 0) continue;
      const place = this.placeOf(pairs[index] ?? 0);
      this.pairs[2 * place] = pairs[index] ?? 0;
      this.pairs[2 * place + 1] = pairs[index + 1] ?? 0;
    }
  }
}
