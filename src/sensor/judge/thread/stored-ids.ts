const fewest = 1_024;

/** Which violations are stored: 64 of the 122 random bits of each id (UUID version 5), eight bytes a place. */
export class StoredIds {
  private places = new Uint32Array(2 * fewest);
  private mask = fewest - 1;
  private count = 0;

  add(id: string): void {
    if (this.has(id)) return;
    if (++this.count * 4 > (this.mask + 1) * 3) this.grow();
    const [high, low] = bitsOf(id);
    this.place(high, low);
  }

  has(id: string): boolean {
    const [high, low] = bitsOf(id);
    const { places, mask } = this;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      if (places[2 * at] === high && places[2 * at + 1] === low) return true;
      if (places[2 * at] === 0) return false;
    }
  }

  private place(high: number, low: number): void {
    let at = low & this.mask;
    while (this.places[2 * at] !== 0) at = (at + 1) & this.mask;
    this.places[2 * at] = high;
    this.places[2 * at + 1] = low;
  }

  private grow(): void {
    const { places } = this;
    this.places = new Uint32Array(places.length * 2);
    this.mask = this.mask * 2 + 1;
    for (let at = 0; at < places.length; at += 2) {
      const [high = 0, low = 0] = places.subarray(at, at + 2);
      if (high !== 0) this.place(high, low);
    }
  }
}

/** The first and the last 32 bits of an id; the first are never 0, which stands for an empty place. */
function bitsOf(id: string): [number, number] {
  return [Number.parseInt(id.slice(0, 8), 16) || 1, Number.parseInt(id.slice(-8), 16) || 0];
}
