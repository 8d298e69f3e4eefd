/** A secondary index: the values under each key. A lone value, the usual case, is kept without a set around it. */
export class MultiIndex<Value extends string> {
  private readonly values = new Map<string, Value | Set<Value>>();

  /** Moves a value from one key to another; undefined stands for no key. */
  move(value: Value, before: string | undefined, after: string | undefined): void {
    if (before === after) return;
    if (before !== undefined) this.remove(before, value);
    if (after !== undefined) this.add(after, value);
  }

  get(key: string): readonly Value[] {
    const found = this.values.get(key);
    if (found === undefined) return [];
    return typeof found === 'string' ? [found] : [...found].sort();
  }

  private add(key: string, value: Value): void {
    const found = this.values.get(key);
    if (found === undefined) this.values.set(key, value);
    else if (typeof found === 'string') this.values.set(key, new Set([found, value]));
    else found.add(value);
  }

  private remove(key: string, value: Value): void {
    const found = this.values.get(key);
    if (typeof found === 'string' || found === undefined) {
      this.values.delete(key);
      return;
    }
    found.delete(value);
    if (found.size === 0) this.values.delete(key);
  }
}
