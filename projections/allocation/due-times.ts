/** Things that become due at a time, the earliest first. Most are added in the order in which they become due. */
export class DueTimes<Item> {
  private waiting: { readonly at: number; readonly item: Item }[] = [];
  private taken = 0;

  add(at: number, item: Item): void {
    let [low, high] = [this.taken, this.waiting.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.waiting[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    this.waiting.splice(low, 0, { at, item });
  }

  /** When the next one becomes due; undefined where none waits. */
  get next(): number | undefined {
    return this.waiting[this.taken]?.at;
  }

  /** Those that are due by now, once each. */
  *takeDue(now: number): Iterable<Item> {
    for (let one = this.waiting[this.taken]; one !== undefined && one.at <= now; one = this.waiting[this.taken]) {
      this.taken++;
      yield one.item;
    }
    if (this.taken * 2 <= this.waiting.length) return;
    this.waiting = this.waiting.slice(this.taken);
    this.taken = 0;
  }
}
