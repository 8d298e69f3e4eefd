/** Small whole numbers for names that many rows share. A name keeps its number for good. */
export class Names {
  private readonly numbers = new Map<string, number>();

  /** The number of a name; a new one where it has none. */
  numberFor(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.numbers.size);
    return this.numbers.size - 1;
  }

  /** The number of a name; -1 where nobody asked for one. */
  numberOf(name: string): number {
    return this.numbers.get(name) ?? -1;
  }
}
