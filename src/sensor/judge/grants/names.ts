/** Numbers from 1 on for names that many servers share, such as those of switches and interfaces; 0 stands for no name. */
export class SharedNames {
  private readonly numbers = new Map<string, number>();
  private readonly names: string[] = [''];

  /** The number of a name; a new one where it has none. */
  numberFor(name: string | undefined): number {
    if (name === undefined) return 0;
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const number = this.names.push(name) - 1;
    if (number >= 1 << 24) throw new RangeError(`${number} names: the index has room for ${(1 << 24) - 1}.`);
    this.numbers.set(name, number);
    return number;
  }

  /** The number of a name; -1 where it has none. */
  numberOf(name: string): number {
    return this.numbers.get(name) ?? -1;
  }

  nameOf(number: number): string | undefined {
    return number === 0 ? undefined : this.names[number];
  }
}
