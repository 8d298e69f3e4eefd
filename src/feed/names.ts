/** Stands for no name at all. */
export const noName = 0;

/** Names as small numbers, from 1 on, so that a column of names is a column of numbers. 0 is no name. */
export class Names {
  private readonly numbers = new Map<string, number>();
  private readonly all: string[] = [''];
  /** In small letters: mostly the same text as it is. */
  private readonly small: string[] = [''];

  /** One more than the highest number. */
  get size(): number {
    return this.all.length;
  }

  /** The number of a name; a new name gets one. */
  add(name: string | undefined): number {
    if (name === undefined) return 0;
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.all.length);
    this.small.push(name.toLowerCase());
    return this.all.push(name) - 1;
  }

  /** The number of a name that was added; undefined for any other. */
  find(name: string): number | undefined {
    return this.numbers.get(name);
  }

  /** The name that has this number. */
  nameOf(number: number): string {
    return this.all[number] ?? '';
  }

  /** One byte for each number: 1 where the name has this text in it, in capitals or not. */
  holding(text: string): Uint8Array {
    const wanted = text.toLowerCase();
    const holding = new Uint8Array(this.all.length);
    for (let number = 1; number < holding.length; number++)
      if (this.small[number]?.includes(wanted) === true) holding[number] = 1;
    return holding;
  }
}
