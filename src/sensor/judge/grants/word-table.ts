import { hashOfPair } from './hashes.js';

const fewest = 16;
const stride = 6;

/** What a key of the table is about: a number that no other kind has. */
export type KeyKind = number;

/**
 * Slots by keys of up to four words and a kind, for what few servers have: further addresses, long prefixes, other MACs.
 * A key may name several slots. 24 bytes a place, at most three quarters full; a look-up makes no garbage.
 */
export class WordTable {
  /** A place: four words, the kind (0 where nothing is), the slot. */
  private places = new Uint32Array(fewest * stride);
  private mask = fewest - 1;
  private count = 0;

  get bytes(): number {
    return this.places.byteLength;
  }

  get size(): number {
    return this.count;
  }

  /** The first place at or after `from` that has the key; -1 when there is none. Begin at `home`, go on at the place after. */
  find(from: number, first: number, second: number, third: number, fourth: number, kind: KeyKind): number {
    const { places, mask } = this;
    for (let at = from & mask; ; at = (at + 1) & mask) {
      const base = at * stride;
      const found = places[base + 4];
      if (found === 0) return -1;
      if (
        found === kind &&
        places[base] === first &&
        places[base + 1] === second &&
        places[base + 2] === third &&
        places[base + 3] === fourth
      )
        return at;
    }
  }

  home(first: number, second: number, third: number, fourth: number, kind: KeyKind): number {
    return hashOfPair(hashOfPair(first, second), hashOfPair(third ^ kind, fourth)) & this.mask;
  }

  slotAt(place: number): number {
    return this.places[place * stride + 5] ?? -1;
  }

  /** The first slot under a key; -1 when there is none. */
  get(first: number, second: number, third: number, fourth: number, kind: KeyKind): number {
    if (this.count === 0) return -1;
    const place = this.find(this.home(first, second, third, fourth, kind), first, second, third, fourth, kind);
    return place < 0 ? -1 : this.slotAt(place);
  }

  /** Every slot under a key. */
  all(first: number, second: number, third: number, fourth: number, kind: KeyKind): number[] {
    const slots: number[] = [];
    if (this.count === 0) return slots;
    let from = this.home(first, second, third, fourth, kind);
    for (;;) {
      const place = this.find(from, first, second, third, fourth, kind);
      if (place < 0) return slots;
      slots.push(this.slotAt(place));
      from = place + 1;
    }
  }

  add(first: number, second: number, third: number, fourth: number, kind: KeyKind, slot: number): void {
    if (++this.count * 4 > (this.mask + 1) * 3) this.grow();
    this.place(first, second, third, fourth, kind, slot);
  }

  /** Takes one slot from under a key. */
  remove(first: number, second: number, third: number, fourth: number, kind: KeyKind, slot: number): void {
    let hole = this.find(this.home(first, second, third, fourth, kind), first, second, third, fourth, kind);
    while (hole >= 0 && this.slotAt(hole) !== slot) hole = this.find(hole + 1, first, second, third, fourth, kind);
    if (hole < 0) throw new RangeError(`Slot ${slot} is not in the table under that key of kind ${kind}.`);
    const { places, mask } = this;
    places[hole * stride + 4] = 0;
    this.count--;
    for (let at = (hole + 1) & mask; places[at * stride + 4] !== 0; at = (at + 1) & mask) {
      if (((at - this.homeOfPlace(places, at)) & mask) < ((at - hole) & mask)) continue;
      places.copyWithin(hole * stride, at * stride, (at + 1) * stride);
      places[at * stride + 4] = 0;
      hole = at;
    }
  }

  private homeOfPlace(places: Uint32Array, at: number): number {
    const base = at * stride;
    const [first = 0, second = 0, third = 0, fourth = 0, kind = 0] = places.subarray(base, base + 5);
    return this.home(first, second, third, fourth, kind);
  }

  private place(first: number, second: number, third: number, fourth: number, kind: KeyKind, slot: number): void {
    let at = this.home(first, second, third, fourth, kind);
    while (this.places[at * stride + 4] !== 0) at = (at + 1) & this.mask;
    this.places.set([first, second, third, fourth, kind, slot], at * stride);
  }

  private grow(): void {
    const { places } = this;
    this.places = new Uint32Array(places.length * 2);
    this.mask = this.mask * 2 + 1;
    for (let base = 0; base < places.length; base += stride) {
      const [first = 0, second = 0, third = 0, fourth = 0, kind = 0, slot = 0] = places.subarray(base, base + stride);
      if (kind !== 0) this.place(first, second, third, fourth, kind, slot);
    }
  }
}
