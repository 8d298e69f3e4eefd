import type { LogTree, TreeHead } from '../event-store.port.js';
import type { LogIndex } from './log-index.js';
import { consistencyProof, inclusionProof, rootOf } from '../merkle-tree.js';

/** The tree of the log as far as the index has followed it. */
export class IndexTree implements LogTree {
  /** @param ready resolves when the index may be asked */
  constructor(private readonly ready: () => Promise<LogIndex>) {}

  async head(): Promise<TreeHead> {
    const { size, root } = await this.ready();
    return { size, root };
  }

  async rootAt(size: number): Promise<Buffer> {
    return rootOf(await this.reaching(size), size);
  }

  async inclusionProof(ordinal: number, size: number): Promise<Buffer[]> {
    return inclusionProof(await this.reaching(size), ordinal, size);
  }

  async consistencyProof(earlier: number, size: number): Promise<Buffer[]> {
    return consistencyProof(await this.reaching(size), earlier, size);
  }

  private async reaching(size: number): Promise<LogIndex> {
    const index = await this.ready();
    if (!Number.isSafeInteger(size) || size < 0 || size > index.size)
      throw new RangeError(`The log has ${index.size} events: there is no tree of ${size}`);
    return index;
  }
}
