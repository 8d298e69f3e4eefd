import { grown } from '../../../projections/index.js';

/** Characters told in one turn of sorting, so that nobody waits for it. */
const turnSteps = 20_000;
/** Below this many entries they are put in order one by one. */
const few = 8;

/** Lower case for ASCII: names are compared so, and kept as they are written. */
const folded = Uint8Array.from({ length: 256 }, (_, code) => (code >= 0x41 && code <= 0x5a ? code + 32 : code));

/** Where a text begins, and whose name it is part of. */
interface Entries {
  readonly places: Uint32Array;
  readonly owners: Int32Array;
}

/** What is still to be put in order. */
class Fresh {
  places = new Uint32Array(64);
  owners = new Int32Array(64);
  count = 0;

  push(place: number, owner: number): void {
    if (this.count === this.places.length) {
      this.places = grown(this.places, this.count + 1);
      this.owners = grown(this.owners, this.count + 1);
    }
    this.places[this.count] = place;
    this.owners[this.count++] = owner;
  }
}

/** What a visitor wants next: the next owner of this name or the next name, the next name, or no more. */
export type Wish = 'next' | 'next name' | 'enough';

/** A part of the order. */
export interface Stretch {
  readonly part: 'whole' | 'inner';
  readonly low: string;
  readonly high: string;
}

const none: Entries = { places: new Uint32Array(0), owners: new Int32Array(0) };

/**
 * Names of one kind in typed arrays: sorted as a whole, and from each inner word on (a sparse suffix array). Names that went away
 * stay in it until it is made anew: who finds one asks its owner whether it still has that name.
 */
export class NameColumn {
  private text = new Uint8Array(1024);
  private used = 0;
  private whole = none;
  private inner = none;
  private freshWhole = new Fresh();
  private freshInner = new Fresh();

  get bytes(): number {
    return this.text.byteLength + [this.whole, this.inner].reduce((sum, one) => sum + 8 * one.places.length, 0);
  }

  /** Takes in a name of printable ASCII; returns its place. It is found after `settle`. @param words where its inner words begin */
  add(name: string, owner: number, words: readonly number[]): number {
    const place = this.used;
    if (place + name.length + 1 > this.text.length) this.text = grown(this.text, place + name.length + 1);
    for (let index = 0; index < name.length; index++) this.text[this.used++] = name.charCodeAt(index);
    this.text[this.used++] = 0;
    this.addAgain(place, owner, words);
    return place;
  }

  /** Takes in another owner of a name that is here already. */
  addAgain(place: number, owner: number, words: readonly number[]): void {
    this.freshWhole.push(place, owner);
    for (const word of words) this.freshInner.push(place + word, owner);
  }

  /** Puts in order what was added since; a generator, so that it can be done a turn at a time. */
  *settle(): Generator<void> {
    const [whole, inner] = [this.freshWhole, this.freshInner];
    this.freshWhole = new Fresh();
    this.freshInner = new Fresh();
    this.whole = yield* this.settled(this.whole, whole);
    this.inner = yield* this.settled(this.inner, inner);
  }

  /**
   * Visits the names of which the whole text, or that from an inner word on, is not before `low` and not after `high` and all that
   * begins so, in order; both in lower case.
   */
  visit({ part, low, high }: Stretch, visit: (name: string, owner: number) => Wish): void {
    const { places, owners } = this[part];
    let told = -1;
    for (let index = this.firstFrom(places, low); index < places.length; index++) {
      const place = places[index] ?? 0;
      if (place === told) continue;
      if (this.compare(place, high) > 0) return;
      const wish = visit(this.nameAt(place), owners[index] ?? 0);
      if (wish === 'enough') return;
      if (wish === 'next name') told = place;
    }
  }

  private nameAt(place: number): string {
    let start = place;
    while (start > 0 && this.text[start - 1] !== 0) start--;
    let name = '';
    for (let at = start; this.text[at] !== 0; at++) name += String.fromCharCode(this.text[at] ?? 0);
    return name;
  }

  /** The first entry of which the text is not before this one. */
  private firstFrom(places: Uint32Array, text: string): number {
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(places[middle] ?? 0, text) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Below, at (beginning with it) or above a text. */
  private compare(place: number, text: string): number {
    for (let index = 0; index < text.length; index++) {
      const difference = (folded[this.text[place + index] ?? 0] ?? 0) - text.charCodeAt(index);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  private charAt(place: number): number {
    return folded[this.text[place] ?? 0] ?? 0;
  }

  private *settled(before: Entries, { places, owners, count }: Fresh): Generator<void, Entries> {
    if (count === 0) return before;
    const fresh = { places: places.slice(0, count), owners: owners.slice(0, count) };
    yield* this.sort(fresh);
    return before.places.length === 0 ? fresh : this.merged(before, fresh);
  }

  /** Many in order and few new ones: what lies between two new ones is copied at once. */
  private merged(before: Entries, fresh: Entries): Entries {
    const size = before.places.length + fresh.places.length;
    const after = { places: new Uint32Array(size), owners: new Int32Array(size) };
    let [from, to] = [0, 0];
    const copy = (end: number): void => {
      after.places.set(before.places.subarray(from, end), to);
      after.owners.set(before.owners.subarray(from, end), to);
      to += end - from;
      from = end;
    };
    for (let index = 0; index < fresh.places.length; index++) {
      const place = fresh.places[index] ?? 0;
      copy(Math.max(from, this.firstFrom(before.places, this.foldedFrom(place))));
      after.places[to] = place;
      after.owners[to++] = fresh.owners[index] ?? 0;
    }
    copy(before.places.length);
    return after;
  }

  private foldedFrom(place: number): string {
    let text = '';
    for (let at = place; this.text[at] !== 0; at++) text += String.fromCharCode(this.charAt(at));
    return text;
  }

  /** Multikey quicksort (Bentley and Sedgewick): what begins alike is not compared again. */
  private *sort(entries: Entries): Generator<void> {
    const { places } = entries;
    const open: [from: number, to: number, depth: number][] = [[0, places.length, 0]];
    let steps = 0;
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      const [from, to, depth] = part;
      if (to - from < few) {
        this.sortFew(entries, from, to, depth);
        if ((steps += few * 4) > turnSteps) yield void (steps = 0);
        continue;
      }
      const pivot = this.charAt((places[(from + to) >>> 1] ?? 0) + depth);
      let [less, greater] = [from, to];
      for (let index = from; index < greater;) {
        const char = this.charAt((places[index] ?? 0) + depth);
        if (char < pivot) swap(entries, less++, index++);
        else if (char > pivot) swap(entries, index, --greater);
        else index++;
        if (++steps > turnSteps) yield void (steps = 0);
      }
      open.push([from, less, depth], [greater, to, depth]);
      if (pivot !== 0) open.push([less, greater, depth + 1]);
    }
  }

  private sortFew(entries: Entries, from: number, to: number, depth: number): void {
    const { places } = entries;
    for (let index = from + 1; index < to; index++)
      for (let at = index; at > from && this.isBefore(places[at] ?? 0, places[at - 1] ?? 0, depth); at--)
        swap(entries, at, at - 1);
  }

  private isBefore(one: number, other: number, depth: number): boolean {
    for (let at = depth; ; at++) {
      const [first, second] = [this.charAt(one + at), this.charAt(other + at)];
      if (first !== second) return first < second;
      if (first === 0) return false;
    }
  }
}

function swap({ places, owners }: Entries, one: number, other: number): void {
  const [place, owner] = [places[one] ?? 0, owners[one] ?? 0];
  places[one] = places[other] ?? 0;
  owners[one] = owners[other] ?? 0;
  places[other] = place;
  owners[other] = owner;
}
