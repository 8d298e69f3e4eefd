import { grown } from './grown.js';
import { HashIndex } from './hash-index.js';

/**
 * For each hash the slots that stand under it, a slot under as many hashes as it likes: singly linked lists through typed
 * arrays. Different keys may share a hash, so who looks compares the keys.
 */
export class SlotSets {
  private readonly heads = new HashIndex();
  private slots = new Int32Array(16);
  private next = new Int32Array(16);
  private given = 0;
  private freed = -1;

  /** Every slot under this hash, each once, the one added last first. */
  slotsOf(hash: number): number[] {
    const found = new Set<number>();
    for (let place = this.heads.get(hash); place >= 0; place = this.next[place] ?? -1)
      found.add(this.slots[place] ?? -1);
    return [...found];
  }

  add(hash: number, slot: number): void {
    const place = this.take();
    this.slots[place] = slot;
    this.next[place] = this.heads.get(hash);
    this.heads.set(hash, place);
  }

  /** Takes one standing of the slot under this hash away: it may stand there again for another key. */
  remove(hash: number, slot: number): void {
    let before = -1;
    for (let place = this.heads.get(hash); place >= 0; place = this.next[place] ?? -1) {
      if (this.slots[place] === slot) return this.unlink(hash, before, place);
      before = place;
    }
  }

  private unlink(hash: number, before: number, place: number): void {
    const after = this.next[place] ?? -1;
    if (before >= 0) this.next[before] = after;
    else if (after >= 0) this.heads.set(hash, after);
    else this.heads.delete(hash);
    this.next[place] = this.freed;
    this.freed = place;
  }

  private take(): number {
    const place = this.freed;
    if (place >= 0) {
      this.freed = this.next[place] ?? -1;
      return place;
    }
    if (this.given === this.slots.length) {
      this.slots = grown(this.slots, this.given + 1);
      this.next = grown(this.next, this.given + 1);
    }
    return this.given++;
  }
}
