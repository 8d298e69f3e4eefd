const fewest = 16;
const slotBits = 24;
const slotMask = (1 << slotBits) - 1;

/**
 * Slots by hash: open addressing, at most three quarters full, four bytes a place. Several slots may stand under one hash:
 * a look-up gives each in turn, and who looks compares. Beside its slot (24 bits) a place has the first eight bits of the
 * hash, so that a look-up rarely gives a slot of another hash, whose row would have to come from memory in vain. A look-up
 * makes no garbage.
 */
export class SlotTable {
  /** The first bits of the hash, then one more than the slot; 0 where nothing is. */
  private places: Uint32Array;
  private mask: number;
  private count = 0;
  private at = 0;
  private first = 0;

  /** @param hashOf the hash a slot was added under, for as long as it is in the table */
  constructor(
    private readonly hashOf: (slot: number) => number,
    expected = 0,
  ) {
    let size = fewest;
    while (expected * 4 > size * 3) size *= 2;
    this.places = new Uint32Array(size);
    this.mask = size - 1;
  }

  get bytes(): number {
    return this.places.byteLength;
  }

  get size(): number {
    return this.count;
  }

  /** Begins a look-up; `next` gives the slots. One look-up at a time. */
  start(hash: number): void {
    this.at = hash & this.mask;
    this.first = hash >>> slotBits;
  }

  /** The next slot that may stand under the hash; -1 when there is none left. */
  next(): number {
    const { places, mask, first } = this;
    let { at } = this;
    let value = places[at] ?? 0;
    while (value !== 0 && value >>> slotBits !== first) {
      at = (at + 1) & mask;
      value = places[at] ?? 0;
    }
    this.at = (at + 1) & mask;
    return (value & slotMask) - 1;
  }

  add(hash: number, slot: number): void {
    if (slot >= slotMask) throw new RangeError(`Slot ${slot}: the table has room for ${slotMask}.`);
    if (++this.count * 4 > this.places.length * 3) this.grow();
    this.place(hash, slot);
  }

  /** Takes out a slot that was added under this hash. */
  remove(hash: number, slot: number): void {
    const { places, mask } = this;
    let hole = hash & mask;
    while (((places[hole] ?? 0) & slotMask) !== slot + 1) {
      if (places[hole] === 0) throw new RangeError(`Slot ${slot} is not in the table under hash ${hash}.`);
      hole = (hole + 1) & mask;
    }
    places[hole] = 0;
    this.count--;
    // Those behind the hole move up, as far as their own hash allows: so no look-up meets a gap on its way.
    for (let at = (hole + 1) & mask; places[at] !== 0; at = (at + 1) & mask) {
      const home = this.hashOf(((places[at] ?? 0) & slotMask) - 1) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      places[hole] = places[at] ?? 0;
      places[at] = 0;
      hole = at;
    }
  }

  private place(hash: number, slot: number): void {
    let at = hash & this.mask;
    while (this.places[at] !== 0) at = (at + 1) & this.mask;
    this.places[at] = ((hash >>> slotBits) << slotBits) | (slot + 1);
  }

  private grow(): void {
    const { places } = this;
    this.places = new Uint32Array(places.length * 2);
    this.mask = this.places.length - 1;
    for (const value of places) {
      const slot = (value & slotMask) - 1;
      if (value !== 0) this.place(this.hashOf(slot), slot);
    }
  }
}
