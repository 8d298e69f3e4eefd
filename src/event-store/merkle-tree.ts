import { sha256 } from './sha256.js';

// The Merkle tree of RFC 6962 section 2.1 over the leaf hashes of a log, in the order of their ordinals.
// "Subtree (level, index)" is the perfect one over the leaves [index * 2^level, (index + 1) * 2^level).

/** Every 8th level is kept: a subtree in between is made of at most 256 kept hashes (the tiles of C2SP tlog-tiles). */
export const tileHeight = 8;

/** Where the hashes of a log are kept: all leaves, and the subtrees of levels 8, 16, 24... that are complete. */
export interface KeptHashes {
  /** `count` leaf hashes (level 0) or subtree hashes (level 8, 16, ...) in a row, from `first` on. */
  hashes(level: number, first: number, count: number): readonly Buffer[];
}

/** The head of a tree: how many leaves, and the hash that stands for all of them. */
export interface TreeHead {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
}

/** The root of the empty tree: the hash of nothing. */
export const emptyRoot = sha256('');

/** SHA-256(0x01 || left || right), RFC 6962 section 2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(65);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 33);
  return sha256(input);
}

/** The right edge of a growing tree: one hash for each perfect subtree that its size is made of, the largest first. */
export class Frontier {
  private constructor(
    private readonly subtrees: { readonly level: number; readonly hash: Buffer }[],
    private count: number,
  ) {}

  static empty(): Frontier {
    return new Frontier([], 0);
  }

  /** The frontier of the first `size` leaves, from what is kept. */
  static of(kept: KeptHashes, size: number): Frontier {
    const subtrees = perfectSubtrees(0, size).map(({ level, index }) => ({
      level,
      hash: subtreeHash(kept, level, index),
    }));
    return new Frontier(subtrees, size);
  }

  get size(): number {
    return this.count;
  }

  /** A copy that can go its own way: what is pushed in a transaction must be undone with it. */
  copy(): Frontier {
    return new Frontier([...this.subtrees], this.count);
  }

  /** Adds the next leaf; `onTile` is told of each subtree of a kept level that this completes. */
  push(leaf: Buffer, onTile: (level: number, index: number, hash: Buffer) => void = () => {}): void {
    this.count++;
    let top = { level: 0, hash: leaf };
    for (let left = this.subtrees.at(-1); left?.level === top.level; left = this.subtrees.at(-1)) {
      this.subtrees.pop();
      top = { level: top.level + 1, hash: nodeHash(left.hash, top.hash) };
      if (top.level % tileHeight === 0) onTile(top.level, this.count / 2 ** top.level - 1, top.hash);
    }
    this.subtrees.push(top);
  }

  root(): Buffer {
    return fold(this.subtrees.map(({ hash }) => hash));
  }
}

/** The root over the first `size` leaves. */
export function rootOf(kept: KeptHashes, size: number): Buffer {
  return Frontier.of(kept, size).root();
}

/**
 * The audit path of the leaf `ordinal` in the tree of `size` leaves, from the leaf's sibling up (RFC 6962 section 2.1.1).
 * @throws RangeError for a leaf that is not in that tree
 */
export function inclusionProof(kept: KeptHashes, ordinal: number, size: number): Buffer[] {
  if (!(ordinal >= 0 && ordinal < size)) throw new RangeError(`Leaf ${ordinal} is not in a tree of ${size} leaves`);
  const path: Buffer[] = [];
  for (let start = 0, end = size; end - start > 1;) {
    const split = start + largestPowerBelow(end - start);
    if (ordinal < split) {
      path.push(rangeHash(kept, split, end));
      end = split;
    } else {
      path.push(rangeHash(kept, start, split));
      start = split;
    }
  }
  return path.reverse();
}

/**
 * The proof that the tree of `size` leaves begins with the tree of `earlier` leaves (RFC 6962 section 2.1.2).
 * @throws RangeError when `earlier` is not from 1 to `size`
 */
export function consistencyProof(kept: KeptHashes, earlier: number, size: number): Buffer[] {
  if (!(earlier >= 1 && earlier <= size))
    throw new RangeError(`A tree of ${size} leaves has no beginning of ${earlier} leaves`);
  const path: Buffer[] = [];
  let start = 0;
  let end = size;
  let isWholeEarlier = true;
  while (end !== earlier) {
    const split = start + largestPowerBelow(end - start);
    if (earlier <= split) {
      path.push(rangeHash(kept, split, end));
      end = split;
    } else {
      path.push(rangeHash(kept, start, split));
      start = split;
      isWholeEarlier = false;
    }
  }
  if (!isWholeEarlier) path.push(rangeHash(kept, start, end));
  return path.reverse();
}

/** The hash of the leaves [start, end), where `start` is a multiple of the largest power of two that the range holds. */
function rangeHash(kept: KeptHashes, start: number, end: number): Buffer {
  return fold(perfectSubtrees(start, end).map(({ level, index }) => subtreeHash(kept, level, index)));
}

function subtreeHash(kept: KeptHashes, level: number, index: number): Buffer {
  const below = level % tileHeight;
  const needed = 2 ** below;
  let hashes = kept.hashes(level - below, index * needed, needed);
  const found = hashes.length;
  while (hashes.length > 1) hashes = pairs(hashes);
  const [hash] = hashes;
  if (hash === undefined || found !== needed)
    throw new RangeError(`Subtree ${index} at level ${level} needs ${needed} kept hashes, found ${found}`);
  return hash;
}

function pairs(hashes: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  for (let index = 0; index + 1 < hashes.length; index += 2) {
    const [left, right] = [hashes[index], hashes[index + 1]];
    if (left !== undefined && right !== undefined) above.push(nodeHash(left, right));
  }
  return above;
}

/** The perfect subtrees that the leaves [start, end) are made of, from left to right. */
function perfectSubtrees(start: number, end: number): { readonly level: number; readonly index: number }[] {
  const subtrees: { level: number; index: number }[] = [];
  for (let at = start; at < end;) {
    const level = Math.floor(Math.log2(end - at));
    subtrees.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return subtrees;
}

function fold(hashes: readonly Buffer[]): Buffer {
  return (
    hashes.reduceRight<Buffer | undefined>(
      (right, left) => (right === undefined ? left : nodeHash(left, right)),
      undefined,
    ) ?? emptyRoot
  );
}

/** The largest power of two that is less than `count`. */
function largestPowerBelow(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}
