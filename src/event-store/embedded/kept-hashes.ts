import { StoreError } from '../event-store.port.js';
import type { SchemaVersion } from './log-file.js';
import { Frontier, type KeptHashes, tileHeight } from '../merkle-tree.js';
import type { Sqlite } from '../sqlite.js';

/** The hashes of an open log: its leaf hashes, and the table of subtrees where its version has one. */
export function keptHashes(db: Sqlite, version: SchemaVersion): KeptHashes {
  const leaves = db
    .prepare<[number, number], Buffer>('SELECT leaf_hash FROM event WHERE ordinal >= ? ORDER BY ordinal LIMIT ?')
    .pluck();
  if (version === 1) return madeOfLeaves((first, count) => leaves.all(first, count));
  const subtrees = db
    .prepare<[number, number, number], Buffer>(
      'SELECT hash FROM subtree WHERE level = ? AND number >= ? ORDER BY number LIMIT ?',
    )
    .pluck();
  return {
    hashes: (level, first, count) => (level === 0 ? leaves.all(first, count) : subtrees.all(level, first, count)),
  };
}

/**
 * The frontier over everything that is stored.
 * @throws StoreError `store-corrupt` when a hash that it needs is missing
 */
export function frontierOf(kept: KeptHashes, size: number, path: string): Frontier {
  try {
    return Frontier.of(kept, size);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StoreError(
      'store-corrupt',
      `${path} holds ${size} events, but the Merkle tree over them cannot be made: ${error.message}. The file was left as it is. Restore the directory from a backup or a copy of the log.`,
      { cause: error },
    );
  }
}

/** How a completed subtree is kept. */
export function insertSubtree(db: Sqlite): (level: number, number: number, hash: Buffer) => void {
  const insert = db.prepare<[number, number, Buffer]>('INSERT INTO subtree (level, number, hash) VALUES (?, ?, ?)');
  return (level, number, hash) => void insert.run(level, number, hash);
}

/** How many subtrees are kept of a log of this size. */
export function keptSubtreeCount(size: number): number {
  let count = 0;
  for (let width = 2 ** tileHeight; width <= size; width *= 2 ** tileHeight) count += Math.floor(size / width);
  return count;
}

/** Every level is made anew of the leaves: right, and slow for a long log. */
function madeOfLeaves(leaves: (first: number, count: number) => readonly Buffer[]): KeptHashes {
  return {
    hashes: (level, first, count) => {
      if (level === 0) return leaves(first, count);
      return Array.from({ length: count }, (_, index) => {
        const width = 2 ** level;
        const subtree = Frontier.empty();
        for (const leaf of leaves((first + index) * width, width)) subtree.push(leaf);
        return subtree.root();
      });
    },
  };
}
