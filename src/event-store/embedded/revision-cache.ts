/**
 * The last revision of the streams that were written lately. Two generations: when the younger is full it becomes the
 * older, and what stood in the older is forgotten, so nothing needs to be moved at each use.
 */
export class RevisionCache {
  private younger = new Map<string, number>();
  private older = new Map<string, number>();

  /** @param most streams in a generation */
  constructor(private readonly most = 50_000) {}

  get(stream: string): number | undefined {
    const known = this.younger.get(stream);
    if (known !== undefined) return known;
    const once = this.older.get(stream);
    if (once !== undefined) this.set(stream, once);
    return once;
  }

  set(stream: string, revision: number): void {
    if (this.younger.size >= this.most && !this.younger.has(stream)) {
      this.older = this.younger;
      this.younger = new Map();
    }
    this.younger.set(stream, revision);
  }

  forget(stream: string): void {
    this.younger.delete(stream);
    this.older.delete(stream);
  }

  clear(): void {
    this.younger.clear();
    this.older.clear();
  }
}
