import type { LogTree, TreeHead } from './event-store.port.js';
import type { LogReader } from './log-reader.js';
import { consistencyProof, Frontier, inclusionProof, type KeptHashes } from './merkle-tree.js';

type Read = <Answer>(reading: (reader: LogReader) => Answer) => Promise<Answer>;

/** The tree of the embedded log, made of its leaf hashes. */
export class EmbeddedTree implements LogTree {
  constructor(private readonly read: Read) {}

  head(): Promise<TreeHead> {
    return this.read((reader) => headOf(reader, (reader.head()?.ordinal ?? -1) + 1));
  }

  rootAt(size: number): Promise<Buffer> {
    return this.read((reader) => headOf(reader, size).root);
  }

  inclusionProof(ordinal: number, size: number): Promise<Buffer[]> {
    return this.read((reader) => inclusionProof(keptBy(reader), ordinal, size));
  }

  consistencyProof(earlier: number, size: number): Promise<Buffer[]> {
    return this.read((reader) => consistencyProof(keptBy(reader), earlier, size));
  }
}

function headOf(reader: LogReader, size: number): TreeHead {
  const frontier = Frontier.of(keptBy(reader), size);
  return { size, root: frontier.root() };
}

/** Every level is made anew of the leaves: right, and slow for a long log. */
function keptBy(reader: LogReader): KeptHashes {
  return {
    hashes: (level, first, count) => {
      if (level === 0) return reader.leafHashes(first, count);
      return Array.from({ length: count }, (_, index) => {
        const width = 2 ** level;
        const subtree = Frontier.empty();
        for (const leaf of reader.leafHashes((first + index) * width, width)) subtree.push(leaf);
        return subtree.root();
      });
    },
  };
}
