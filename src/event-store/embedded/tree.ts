import type { LogTree, TreeHead } from '../event-store.port.js';
import { frontierOf } from './kept-hashes.js';
import type { LogReader } from './log-reader.js';
import { consistencyProof, Frontier, inclusionProof } from '../merkle-tree.js';

type Read = <Answer>(reading: (reader: LogReader) => Answer) => Promise<Answer>;

/** This many new leaves are added to the tree that is known; more are taken from the kept subtrees. */
const mostAdded = 2048;

/** The tree of the embedded log, made of its leaf hashes and the subtrees that are kept beside them. */
export class EmbeddedTree implements LogTree {
  /** The right edge as it was at the last look. */
  private frontier = Frontier.empty();

  constructor(private readonly read: Read) {}

  head(): Promise<TreeHead> {
    return this.read((reader) => {
      const size = reader.size();
      const behind = size - this.frontier.size;
      if (behind > mostAdded) this.frontier = frontierOf(reader.kept, size, reader.path);
      else for (const leaf of reader.kept.hashes(0, this.frontier.size, behind)) this.frontier.push(leaf);
      return { size, root: this.frontier.root() };
    });
  }

  rootAt(size: number): Promise<Buffer> {
    return this.within(size, (reader) => frontierOf(reader.kept, size, reader.path).root());
  }

  inclusionProof(ordinal: number, size: number): Promise<Buffer[]> {
    return this.within(size, (reader) => inclusionProof(reader.kept, ordinal, size));
  }

  consistencyProof(earlier: number, size: number): Promise<Buffer[]> {
    return this.within(size, (reader) => consistencyProof(reader.kept, earlier, size));
  }

  private within<Answer>(size: number, reading: (reader: LogReader) => Answer): Promise<Answer> {
    return this.read((reader) => {
      const reached = reader.size();
      if (!Number.isSafeInteger(size) || size < 0 || size > reached)
        throw new RangeError(`There is no tree of ${size} events: the log holds ${reached}`);
      return reading(reader);
    });
  }
}
