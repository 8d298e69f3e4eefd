/** Keeps of the slots it is offered those that stand highest, at most so many; each must be offered once. */
export class HighestSlots {
  private readonly kept: number[] = [];
  /** What does not stand above it is not among them. */
  private floor = -1;

  constructor(
    private readonly compare: (a: number, b: number) => number,
    private readonly most: number,
  ) {}

  offer(slot: number): void {
    const { kept, most } = this;
    if (this.floor >= 0 && this.compare(slot, this.floor) < 0) return;
    kept.push(slot);
    // Put in order once for as many again: each costs no more than its place among them.
    if (kept.length < 2 * most) return;
    this.cut();
    this.floor = kept[most - 1] ?? -1;
  }

  /** The highest one first. */
  all(): readonly number[] {
    this.cut();
    return this.kept;
  }

  private cut(): void {
    this.kept.sort((a, b) => this.compare(b, a));
    if (this.kept.length > this.most) this.kept.length = this.most;
  }
}
