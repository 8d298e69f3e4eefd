import fc from '../support/property.js';
import {
  consistencyProof,
  emptyRoot,
  Frontier,
  inclusionProof,
  rootOf,
  tileHeight,
} from '../../src/event-store/merkle-tree.js';
import { KeptLeaves } from '../support/kept-leaves.js';
import { naiveLeaf, naivePath, naiveProof, naiveRoot } from '../support/naive-tree.js';

// The entries and the hashes of the test vectors that go with RFC 6962 (merkle_tree_test of the certificate-transparency code).
const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
/** Of the complete subtrees, by level and index. */
const nodes = {
  '0.0': '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  '0.1': '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  '0.2': '0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7',
  '0.3': '07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7',
  '0.4': 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  '0.5': '4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658',
  '0.6': 'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
  '1.0': 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  '1.1': '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  '1.2': '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  '1.3': 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  '2.0': 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '2.1': '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
} as const;
type Node = keyof typeof nodes;

const leaf = (hex: string): Buffer => naiveLeaf(Buffer.from(hex, 'hex'));
const leavesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => naiveLeaf(Buffer.from(String(index))));
// Compared as text: a test runner compares buffers byte by byte.
const hex = (hashes: readonly Buffer[]): string => hashes.map((hash) => hash.toString('hex')).join(' ');

const vectors = new KeptLeaves(entries.map(leaf));

describe('the Merkle tree', () => {
  it('has the roots of the test vectors of RFC 6962', () => {
    const frontier = Frontier.empty();
    const seen = entries.map((entry) => {
      frontier.push(leaf(entry));
      return frontier.root().toString('hex');
    });
    expect(seen).toEqual(roots);
    expect(entries.map((_, index) => rootOf(vectors, index + 1).toString('hex'))).toEqual(roots);
  });

  it('stands for nothing with the hash of nothing (RFC 6962 section 2.1)', () => {
    expect(emptyRoot.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(Frontier.empty().root()).toEqual(emptyRoot);
    expect(rootOf(new KeptLeaves([]), 0)).toEqual(emptyRoot);
  });

  it.each<[ordinal: number, size: number, path: string[]]>([
    [0, 1, []],
    [0, 8, ['0.1', '1.1', '2.1']],
    [5, 8, ['0.4', '1.3', '2.0']],
    [2, 3, ['1.0']],
    [1, 5, ['0.0', '1.1', '0.4']],
    // The four examples of RFC 6962 section 2.1.3, in its tree of seven leaves; its j is 1.2 here, g 1.0, h 1.1, k 2.0.
    [0, 7, ['0.1', '1.1', 'l']],
    [3, 7, ['0.2', '1.0', 'l']],
    [4, 7, ['0.5', '0.6', '2.0']],
    [6, 7, ['1.2', '2.0']],
  ])('has the audit path of leaf %d in a tree of %d as the vectors and the RFC say', (ordinal, size, path) => {
    const l = naiveRoot(entries.slice(4, 7).map(leaf)).toString('hex');
    const expected = path.map((name) => (name === 'l' ? l : nodes[name as Node]));
    expect(hex(inclusionProof(vectors, ordinal, size))).toBe(expected.join(' '));
  });

  it.each<[earlier: number, size: number, path: string[]]>([
    [1, 1, []],
    [1, 8, ['0.1', '1.1', '2.1']],
    [6, 8, ['1.2', '1.3', '2.0']],
    [2, 5, ['1.1', '0.4']],
    // The three examples of RFC 6962 section 2.1.3.
    [3, 7, ['0.2', '0.3', '1.0', 'l']],
    [4, 7, ['l']],
    [6, 7, ['1.2', '0.6', '2.0']],
  ])('has the proof from %d to %d leaves as the vectors and the RFC say', (earlier, size, path) => {
    const l = naiveRoot(entries.slice(4, 7).map(leaf)).toString('hex');
    const expected = path.map((name) => (name === 'l' ? l : nodes[name as Node]));
    expect(hex(consistencyProof(vectors, earlier, size))).toBe(expected.join(' '));
  });

  it('agrees with the definitions of RFC 6962 for every ordinal and every pair of sizes up to 40', () => {
    const leaves = leavesOf(40);
    const kept = new KeptLeaves(leaves);
    for (let size = 1; size <= leaves.length; size++) {
      const tree = leaves.slice(0, size);
      expect(hex([rootOf(kept, size)])).toBe(hex([naiveRoot(tree)]));
      for (let ordinal = 0; ordinal < size; ordinal++)
        expect(hex(inclusionProof(kept, ordinal, size))).toBe(hex(naivePath(ordinal, tree)));
      for (let earlier = 1; earlier < size; earlier++)
        expect(hex(consistencyProof(kept, earlier, size))).toBe(hex(naiveProof(earlier, tree)));
    }
  });

  it('agrees with the definitions across kept levels', () => {
    const leaves = leavesOf(3 * 2 ** tileHeight + 77);
    const kept = new KeptLeaves(leaves);
    const sizes = fc.integer({ min: 1, max: leaves.length });
    fc.assert(
      fc.property(sizes, fc.nat(), (size, other) => {
        const tree = leaves.slice(0, size);
        expect(hex([rootOf(kept, size)])).toBe(hex([naiveRoot(tree)]));
        expect(hex(inclusionProof(kept, other % size, size))).toBe(hex(naivePath(other % size, tree)));
        const earlier = 1 + (other % size);
        expect(hex(consistencyProof(kept, earlier, size))).toBe(hex(naiveProof(earlier, tree)));
      }),
      { numRuns: 60 },
    );
  });

  it('agrees with the definitions where two kept levels are full', () => {
    const size = 2 ** (2 * tileHeight) + 300;
    const leaves = leavesOf(size);
    const kept = new KeptLeaves(leaves);
    expect(kept.hashes(2 * tileHeight, 0, 2)).toEqual([naiveRoot(leaves.slice(0, 2 ** (2 * tileHeight)))]);
    expect(rootOf(kept, size)).toEqual(naiveRoot(leaves));
    expect(hex(inclusionProof(kept, 70, size))).toBe(hex(naivePath(70, leaves)));
    expect(hex(inclusionProof(kept, size - 2, size))).toBe(hex(naivePath(size - 2, leaves)));
    expect(hex(consistencyProof(kept, 65_000, size))).toBe(hex(naiveProof(65_000, leaves)));
  });

  it('grows from any size as if it had grown from nothing, and a copy goes its own way', () => {
    const leaves = leavesOf(600);
    const kept = new KeptLeaves(leaves);
    for (const size of [0, 1, 255, 256, 257, 511, 512, 600]) {
      const resumed = Frontier.of(kept, size);
      const copy = resumed.copy();
      for (const one of leaves.slice(size)) resumed.push(one);
      expect([resumed.size, resumed.root()]).toEqual([600, naiveRoot(leaves)]);
      expect([copy.size, copy.root()]).toEqual([size, naiveRoot(leaves.slice(0, size))]);
    }
  });

  it.each([
    [() => inclusionProof(vectors, 8, 8), 'Leaf 8 is not in a tree of 8 leaves'],
    [() => inclusionProof(vectors, -1, 8), 'Leaf -1'],
    [() => inclusionProof(vectors, 0, 9), 'needs 1 kept hashes, found 0'],
    [() => consistencyProof(vectors, 0, 8), 'no beginning of 0 leaves'],
    [() => consistencyProof(vectors, 9, 8), 'no beginning of 9 leaves'],
    [() => consistencyProof(vectors, 8, 9), 'needs 1 kept hashes, found 0'],
    [() => rootOf(vectors, 9), 'needs 1 kept hashes, found 0'],
  ])('refuses what it has not: case %#', (ask, message) => {
    expect(ask).toThrow(RangeError);
    expect(ask).toThrow(message);
  });
});
