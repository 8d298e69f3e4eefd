import { grown } from '../../projections/index.js';

/**
 * Under each small whole number the slots that were put there, a slot under one number for good: chains through typed
 * arrays, 4 bytes a slot and 4 a number.
 */
export class SlotChains {
  /** One more than the first slot; 0 where there is none. */
  private heads = new Int32Array(16);
  private next = new Int32Array(16);

  add(key: number, slot: number): void {
    if (key >= this.heads.length) this.heads = grown(this.heads, key + 1);
    if (slot >= this.next.length) this.next = grown(this.next, slot + 1);
    this.next[slot] = this.heads[key] ?? 0;
    this.heads[key] = slot + 1;
  }

  /** The slot put there last; -1 where there is none. */
  first(key: number): number {
    return (this.heads[key] ?? 0) - 1;
  }

  /** The slot that was put there before this one; -1 behind the last. */
  after(slot: number): number {
    return (this.next[slot] ?? 0) - 1;
  }
}
