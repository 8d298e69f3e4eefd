import { type Listed, mostListed } from './day-report.js';

/** Keeps the newest of what it is given, whether oldest or newest comes first, and counts all. */
export class Newest<Item extends { readonly at: string }> {
  private total = 0;
  private kept: Item[] = [];

  add(item: Item): void {
    this.total++;
    this.kept.push(item);
    if (this.kept.length > 2 * mostListed) this.kept = this.sorted();
  }

  listed(): Listed<Item> {
    return { total: this.total, newest: this.sorted() };
  }

  private sorted(): Item[] {
    return this.kept.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, mostListed);
  }
}
