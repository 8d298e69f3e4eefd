const fewest = 16;

/**
 * From hashes of 32 bits to whole numbers from 0 on: open addressing in two typed arrays, at most three quarters full.
 * A question makes no garbage.
 */
export class HashIndex {
  private hashes = new Uint32Array(fewest);
  /** One more than the number kept; 0 where nothing is. */
  private kept = new Int32Array(fewest);
  private mask = fewest - 1;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The number kept for this hash; -1 when there is none. */
  get(hash: number): number {
    return (this.kept[this.placeOf(hash)] ?? 0) - 1;
  }

  set(hash: number, value: number): void {
    const place = this.placeOf(hash);
    if (this.kept[place] === 0 && ++this.count * 4 > (this.mask + 1) * 3) {
      this.resize((this.mask + 1) * 2);
      return this.put(hash, value + 1);
    }
    this.hashes[place] = hash;
    this.kept[place] = value + 1;
  }

  /** Forgets a hash; one that was never set is left alone. */
  delete(hash: number): void {
    let hole = this.placeOf(hash);
    if (this.kept[hole] === 0) return;
    this.kept[hole] = 0;
    if (--this.count === 0 && this.mask >= fewest) return this.resize(fewest);
    // Those behind the hole move up, as far as their own hash allows: so no look-up meets a gap on its way.
    for (let place = (hole + 1) & this.mask; this.kept[place] !== 0; place = (place + 1) & this.mask) {
      const home = (this.hashes[place] ?? 0) & this.mask;
      if (((place - home) & this.mask) < ((place - hole) & this.mask)) continue;
      this.hashes[hole] = this.hashes[place] ?? 0;
      this.kept[hole] = this.kept[place] ?? 0;
      this.kept[place] = 0;
      hole = place;
    }
  }

  /** Where this hash stands, or the empty place where it would. */
  private placeOf(hash: number): number {
    const { hashes, kept, mask } = this;
    let place = hash & mask;
    while (kept[place] !== 0 && hashes[place] !== hash) place = (place + 1) & mask;
    return place;
  }

  private put(hash: number, entry: number): void {
    const place = this.placeOf(hash);
    this.hashes[place] = hash;
    this.kept[place] = entry;
  }

  private resize(places: number): void {
    const { hashes, kept } = this;
    this.hashes = new Uint32Array(places);
    this.kept = new Int32Array(places);
    this.mask = places - 1;
    kept.forEach((entry, place) => {
      if (entry !== 0) this.put(hashes[place] ?? 0, entry);
    });
  }
}
