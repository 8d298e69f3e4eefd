import type { Ipv6Words } from '../events/index.js';

interface Node<Item> {
  readonly words: Ipv6Words;
  readonly length: number;
  items: Item[];
  zero: Node<Item> | undefined;
  one: Node<Item> | undefined;
}

/**
 * A binary tree of IPv6 prefixes with runs of single branches left out (a Patricia tree):
 * finds what covers, equals or lies inside a prefix in steps proportional to the depth.
 */
export class PrefixTree<Item> {
  private readonly root: Node<Item> = { words: [0, 0, 0, 0], length: 0, items: [], zero: undefined, one: undefined };

  add(words: Ipv6Words, length: number, item: Item): void {
    this.nodeFor(words, length).items.push(item);
  }

  /** Removes the item (by identity); a prefix that was never added is left alone. */
  remove(words: Ipv6Words, length: number, item: Item): void {
    const path = this.path(words, length);
    const node = path.at(-1);
    if (node === undefined || node.length !== length) return;
    node.items = node.items.filter((one) => one !== item);
    this.prune(path);
  }

  /** The items whose prefix contains the given one or equals it, the shortest prefix first. */
  *covering(words: Ipv6Words, length: number): Iterable<Item> {
    for (const node of this.path(words, length)) yield* node.items;
  }

  /** The items whose prefix lies strictly inside the given one. */
  *inside(words: Ipv6Words, length: number): Iterable<Item> {
    const last = this.path(words, length).at(-1) ?? this.root;
    if (last.length === length) {
      if (last.zero !== undefined) yield* this.all(last.zero);
      if (last.one !== undefined) yield* this.all(last.one);
      return;
    }
    const child = bitAt(words, last.length) === 0 ? last.zero : last.one;
    if (child !== undefined && commonLength(child.words, words, length) >= length) yield* this.all(child);
  }

  private *all(node: Node<Item>): Iterable<Item> {
    yield* node.items;
    if (node.zero !== undefined) yield* this.all(node.zero);
    if (node.one !== undefined) yield* this.all(node.one);
  }

  /** The nodes from the root to the longest one that contains the prefix. */
  private path(words: Ipv6Words, length: number): Node<Item>[] {
    const path: Node<Item>[] = [];
    let node: Node<Item> | undefined = this.root;
    while (node !== undefined && node.length <= length && commonLength(node.words, words, node.length) >= node.length) {
      path.push(node);
      node = node.length === 128 ? undefined : bitAt(words, node.length) === 0 ? node.zero : node.one;
    }
    return path;
  }

  /** The last node of the path. */
  private longestAround(words: Ipv6Words, length: number): Node<Item> {
    let node = this.root;
    for (;;) {
      const child = node.length === 128 ? undefined : bitAt(words, node.length) === 0 ? node.zero : node.one;
      if (child === undefined || child.length > length) return node;
      if (commonLength(child.words, words, child.length) < child.length) return node;
      node = child;
    }
  }

  private nodeFor(words: Ipv6Words, length: number): Node<Item> {
    const parent = this.longestAround(words, length);
    if (parent.length === length) return parent;
    const bit = bitAt(words, parent.length);
    const child = bit === 0 ? parent.zero : parent.one;
    const leaf: Node<Item> = { words, length, items: [], zero: undefined, one: undefined };
    if (child === undefined) {
      setChild(parent, bit, leaf);
      return leaf;
    }
    const shared = commonLength(child.words, words, Math.min(child.length, length));
    if (shared === length) {
      setChild(leaf, bitAt(child.words, length), child);
      setChild(parent, bit, leaf);
      return leaf;
    }
    const fork: Node<Item> = {
      words: masked(words, shared),
      length: shared,
      items: [],
      zero: undefined,
      one: undefined,
    };
    setChild(fork, bitAt(child.words, shared), child);
    setChild(fork, bitAt(words, shared), leaf);
    setChild(parent, bit, fork);
    return leaf;
  }

  private prune(path: Node<Item>[]): void {
    for (let index = path.length - 1; index > 0; index--) {
      const node = path[index];
      const parent = path[index - 1];
      if (node === undefined || parent === undefined || node.items.length > 0) return;
      if (node.zero !== undefined && node.one !== undefined) return;
      setChild(parent, bitAt(node.words, parent.length), node.zero ?? node.one);
    }
  }
}

function setChild<Item>(parent: Node<Item>, bit: number, child: Node<Item> | undefined): void {
  if (bit === 0) parent.zero = child;
  else parent.one = child;
}

function bitAt(words: Ipv6Words, index: number): number {
  return ((words[index >>> 5] ?? 0) >>> (31 - (index & 31))) & 1;
}

/** How many leading bits the two share, at most `limit`. */
function commonLength(a: Ipv6Words, b: Ipv6Words, limit: number): number {
  for (let index = 0; index < 4; index++) {
    const difference = ((a[index] ?? 0) ^ (b[index] ?? 0)) >>> 0;
    if (difference !== 0) return Math.min(limit, index * 32 + Math.clz32(difference));
  }
  return limit;
}

function masked(words: Ipv6Words, length: number): Ipv6Words {
  const keep = (word: number, index: number): number => {
    const bits = Math.min(32, Math.max(0, length - index * 32));
    return bits === 0 ? 0 : (word & (0xffffffff << (32 - bits))) >>> 0;
  };
  return [keep(words[0], 0), keep(words[1], 1), keep(words[2], 2), keep(words[3], 3)];
}
