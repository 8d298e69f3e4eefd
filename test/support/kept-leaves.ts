import { Frontier, type KeptHashes } from '../../src/event-store/merkle-tree.js';

/** Keeps what a store keeps of a tree: the leaves, and the subtrees of every kept level as they get complete. */
export class KeptLeaves implements KeptHashes {
  private readonly levels = new Map<number, Buffer[]>([[0, []]]);
  private readonly frontier = Frontier.empty();

  constructor(leaves: readonly Buffer[]) {
    for (const leaf of leaves) {
      this.levels.get(0)?.push(leaf);
      this.frontier.push(leaf, (level, index, hash) => {
        const kept = this.levels.get(level) ?? [];
        if (kept.length !== index) throw new Error(`Subtree ${index} of level ${level} came as number ${kept.length}`);
        this.levels.set(level, [...kept, hash]);
      });
    }
  }

  hashes(level: number, first: number, count: number): readonly Buffer[] {
    return (this.levels.get(level) ?? []).slice(first, first + count);
  }
}
