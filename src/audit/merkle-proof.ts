import { emptyRoot, nodeHash, type TreeHead } from '../event-store/event-store.port.js';

// Verification needs nothing but hashes: whoever holds a head needs to trust neither the log nor who keeps it.

/**
 * Whether `path` proves that the leaf hash `leaf` stands at `ordinal` in the tree of `head` (RFC 9162 section 2.1.3.2).
 * Anything that is no proof is answered false.
 */
export function verifyInclusion(leaf: Buffer, ordinal: number, head: TreeHead, path: readonly Buffer[]): boolean {
  if (!isCount(ordinal) || !isCount(head.size) || ordinal >= head.size || !areHashes([leaf, head.root, ...path]))
    return false;
  let index = ordinal;
  let last = head.size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(index) || index === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(index) && index !== 0) [index, last] = [half(index), half(last)];
    } else hash = nodeHash(hash, sibling);
    [index, last] = [half(index), half(last)];
  }
  return last === 0 && hash.equals(head.root);
}

/**
 * Whether `path` proves that the tree of `head` begins with the tree of `earlier` (RFC 9162 section 2.1.4.2).
 * Every tree begins with the empty one and with itself; both need no path. Anything that is no proof is answered false.
 */
export function verifyConsistency(earlier: TreeHead, head: TreeHead, path: readonly Buffer[]): boolean {
  if (!isCount(earlier.size) || !isCount(head.size) || earlier.size > head.size) return false;
  if (!areHashes([earlier.root, head.root, ...path])) return false;
  if (earlier.size === 0) return path.length === 0 && earlier.root.equals(emptyRoot);
  if (earlier.size === head.size) return path.length === 0 && earlier.root.equals(head.root);
  let index = earlier.size - 1;
  let last = head.size - 1;
  while (isOdd(index)) [index, last] = [half(index), half(last)];
  // A tree whose size is a power of two is itself the first node of the path, and is left out of it.
  const [first, ...rest] = index === 0 ? [earlier.root, ...path] : path;
  if (first === undefined || path.length === 0) return false;
  let [earlierHash, hash] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(index) || index === last) {
      earlierHash = nodeHash(sibling, earlierHash);
      hash = nodeHash(sibling, hash);
      while (!isOdd(index) && index !== 0) [index, last] = [half(index), half(last)];
    } else hash = nodeHash(hash, sibling);
    [index, last] = [half(index), half(last)];
  }
  return last === 0 && earlierHash.equals(earlier.root) && hash.equals(head.root);
}

// Shifts would cut a count to 32 bits.
const isOdd = (count: number): boolean => count % 2 === 1;
const half = (count: number): number => Math.floor(count / 2);
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const areHashes = (hashes: readonly Buffer[]): boolean => hashes.every((hash) => hash.length === 32);
