import { grown } from './grown.js';
import { HashIndex } from './hash-index.js';

/**
 * For each hash the slots that stand under it, each slot under one hash: doubly linked lists through typed arrays.
 * Different keys may share a hash, so a list says where to look, and who looks compares the keys.
 */
export class SlotLists {
  private readonly heads = new HashIndex();
  private next = new Int32Array(16);
  private previous = new Int32Array(16);

  /** The first slot under this hash; -1 when there is none. */
  first(hash: number): number {
    return this.heads.get(hash);
  }

  /** The slot after this one under the same hash; -1 after the last. */
  after(slot: number): number {
    return this.next[slot] ?? -1;
  }

  add(hash: number, slot: number): void {
    if (slot >= this.next.length) {
      this.next = grown(this.next, slot + 1);
      this.previous = grown(this.previous, slot + 1);
    }
    const head = this.heads.get(hash);
    this.next[slot] = head;
    this.previous[slot] = -1;
    if (head >= 0) this.previous[head] = slot;
    this.heads.set(hash, slot);
  }

  /** Takes a slot out of the list of the hash it was added under. */
  remove(hash: number, slot: number): void {
    const [before, after] = [this.previous[slot] ?? -1, this.next[slot] ?? -1];
    if (after >= 0) this.previous[after] = before;
    if (before >= 0) this.next[before] = after;
    else if (after >= 0) this.heads.set(hash, after);
    else this.heads.delete(hash);
  }
}
