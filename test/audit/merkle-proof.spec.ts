import { verifyConsistency, verifyInclusion } from '../../src/audit/merkle-proof.js';
import { emptyRoot, type TreeHead } from '../../src/event-store/event-store.port.js';
import { naiveLeaf, naivePath, naiveProof, naiveRoot } from '../support/naive-tree.js';

const leaves = Array.from({ length: 33 }, (_, index) => naiveLeaf(Buffer.from(String(index))));
const sizes = Array.from({ length: 33 }, (_, index) => index + 1);
const headOf = (size: number): TreeHead => ({ size, root: naiveRoot(leaves.slice(0, size)) });

/** The same hashes with one bit of one of them turned, one left out, one doubled, two exchanged. */
function* spoilt(path: readonly Buffer[]): Generator<Buffer[]> {
  for (const [index, hash] of path.entries()) {
    const flipped = Buffer.from(hash);
    flipped.writeUInt8(flipped.readUInt8(index % 32) ^ 1, index % 32);
    yield path.with(index, flipped);
    yield path.toSpliced(index, 1);
    yield path.toSpliced(index, 0, hash);
    if (index > 0) yield path.toSpliced(index - 1, 2, hash, path[index - 1] ?? hash);
  }
  yield [...path, naiveLeaf(Buffer.from('more'))];
}

describe('an audit path', () => {
  it('proves its leaf, at its ordinal, in its tree', () => {
    for (const size of sizes)
      for (let ordinal = 0; ordinal < size; ordinal++) {
        const path = naivePath(ordinal, leaves.slice(0, size));
        expect(verifyInclusion(leaves[ordinal] ?? emptyRoot, ordinal, headOf(size), path)).toBe(true);
      }
  });

  it('proves nothing else: another leaf, ordinal, size or root, or a path with anything changed', () => {
    for (const size of sizes)
      for (let ordinal = 0; ordinal < size; ordinal++) {
        const leaf = leaves[ordinal] ?? emptyRoot;
        const head = headOf(size);
        const path = naivePath(ordinal, leaves.slice(0, size));
        const wrong = [
          verifyInclusion(naiveLeaf(Buffer.from('other')), ordinal, head, path),
          verifyInclusion(leaf, ordinal, { size, root: headOf(size === 1 ? 2 : size - 1).root }, path),
          ...sizes
            .filter((one) => one <= size && one - 1 !== ordinal)
            .map((one) => verifyInclusion(leaf, one - 1, head, path)),
          ...[...spoilt(path)].map((one) => verifyInclusion(leaf, ordinal, head, one)),
        ];
        expect(wrong).not.toContain(true);
      }
  });

  it.each([
    [-1, 8],
    [8, 8],
    [0.5, 8],
    [Number.NaN, 8],
    [0, 0],
    [0, 2 ** 53],
  ])('proves nothing at ordinal %d of %d', (ordinal, size) => {
    const [leaf = emptyRoot] = leaves;
    expect(verifyInclusion(leaf, ordinal, { size, root: leaf }, [])).toBe(false);
  });

  it('holds hashes of 32 bytes and no others', () => {
    const [leaf = emptyRoot] = leaves;
    expect(verifyInclusion(leaf, 0, { size: 1, root: leaf }, [])).toBe(true);
    const short = leaf.subarray(1);
    expect(verifyInclusion(short, 0, { size: 1, root: short }, [])).toBe(false);
  });
});

describe('a consistency proof', () => {
  it('proves that a log continues an earlier one', () => {
    for (const size of sizes)
      for (let earlier = 1; earlier < size; earlier++) {
        const path = naiveProof(earlier, leaves.slice(0, size));
        expect(verifyConsistency(headOf(earlier), headOf(size), path)).toBe(true);
      }
  });

  it('proves nothing else: other sizes or roots, or a path with anything changed', () => {
    const other = naiveLeaf(Buffer.from('other'));
    for (const size of sizes)
      for (let earlier = 1; earlier < size; earlier++) {
        const [first, head] = [headOf(earlier), headOf(size)];
        const path = naiveProof(earlier, leaves.slice(0, size));
        const wrong = [
          verifyConsistency({ size: earlier, root: other }, head, path),
          verifyConsistency(first, { size, root: other }, path),
          verifyConsistency({ size: earlier - 1, root: first.root }, head, path),
          verifyConsistency(head, first, path),
          ...[...spoilt(path)].map((one) => verifyConsistency(first, head, one)),
        ];
        expect(wrong).not.toContain(true);
      }
  });

  it('needs no path from nothing, or from a tree to itself, and takes none', () => {
    const [head, empty] = [headOf(7), { size: 0, root: emptyRoot }];
    expect(verifyConsistency(head, head, [])).toBe(true);
    expect(verifyConsistency(empty, head, [])).toBe(true);
    expect(verifyConsistency(empty, empty, [])).toBe(true);
    expect(verifyConsistency(head, { size: 7, root: headOf(6).root }, [])).toBe(false);
    expect(verifyConsistency({ size: 0, root: head.root }, head, [])).toBe(false);
    expect(verifyConsistency(head, head, [head.root])).toBe(false);
    expect(verifyConsistency(headOf(4), head, [])).toBe(false);
  });
});
