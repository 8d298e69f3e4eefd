/** So many slots stand together: one goes in or out without the others being moved. */
const mostInBlock = 1024;

/**
 * Slots in an order, however many there are: a list of short sorted lists.
 * `compare` answers by what is known of two slots, and must answer the same for as long as they stand here.
 */
export class OrderedSlots {
  private readonly blocks: number[][] = [];
  private count = 0;

  constructor(private readonly compare: (a: number, b: number) => number) {}

  get size(): number {
    return this.count;
  }

  /** The first of all; -1 where there is none. */
  get first(): number {
    return this.blocks[0]?.[0] ?? -1;
  }

  add(slot: number): void {
    this.count++;
    const isBefore = (one: number): boolean => this.compare(one, slot) < 0;
    const at = Math.max(
      0,
      lastOf(this.blocks, (block) => isBefore(block[0] ?? slot)),
    );
    const block = this.blocks[at];
    const place = block === undefined ? -1 : lastOf(block, isBefore) + 1;
    const isEnd = at >= this.blocks.length - 1 && place === block?.length;
    // What comes in its order leaves full blocks behind, not halves.
    if (block === undefined || (isEnd && place >= mostInBlock)) return void this.blocks.push([slot]);
    block.splice(place, 0, slot);
    if (block.length > mostInBlock) this.blocks.splice(at + 1, 0, block.splice(mostInBlock / 2));
  }

  /** Takes a slot out that was added, before anything it is ordered by changes. */
  remove(slot: number): void {
    const isAfter = (one: number): boolean => this.compare(one, slot) <= 0;
    const at = lastOf(this.blocks, (block) => isAfter(block[0] ?? slot));
    const block = this.blocks[at];
    const index = block === undefined ? -1 : lastOf(block, isAfter);
    if (block?.[index] !== slot) throw new RangeError(`Slot ${slot} does not stand here; expected one that was added.`);
    this.count--;
    block.splice(index, 1);
    if (block.length === 0) this.blocks.splice(at, 1);
  }

  /** Begins at the last slot for which `isBefore` holds and goes down; it must hold for a first part of all, and for no other. */
  down(isBefore: (slot: number) => boolean = () => true): SlotWalk {
    const at = lastOf(this.blocks, (block) => isBefore(block[0] ?? -1));
    return new SlotWalk(this.blocks, at, lastOf(this.blocks[at] ?? [], isBefore));
  }

  /** All slots, the first one first. */
  *[Symbol.iterator](): Generator<number, undefined> {
    for (const block of this.blocks) yield* block;
  }
}

/** A way down through ordered slots; only for as long as nothing is added or removed. */
export class SlotWalk {
  constructor(
    private readonly blocks: readonly (readonly number[])[],
    private block: number,
    private index: number,
  ) {}

  /** Where it stands; -1 at the end. */
  get slot(): number {
    return this.blocks[this.block]?.[this.index] ?? -1;
  }

  step(): void {
    if (--this.index >= 0 || --this.block < 0) return;
    this.index = (this.blocks[this.block]?.length ?? 0) - 1;
  }
}

/** The index of the last item for which `is` holds, which it does for a first part of the list only; -1 for none. */
function lastOf<Item>(list: readonly Item[], is: (item: Item) => boolean): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const item = list[middle];
    if (item !== undefined && is(item)) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
