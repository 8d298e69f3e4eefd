import type { Ipv6Words } from '../../events/index.js';
import { firstBits } from '../prefix-overlap.js';
import { grown } from './grown.js';

const none = -1;
const longest = 128;

/**
 * One whole number, from 0 on, for each of many IPv6 prefixes: a binary tree in typed arrays with runs of single branches
 * left out (a Patricia tree). It finds what covers, equals or lies inside a prefix in steps proportional to the depth;
 * a question makes no garbage.
 */
export class PrefixTree {
  /** Four words a node: the bits on the way to it. Node 0 is the root, of length 0. */
  private words = new Uint32Array(64);
  private lengths = new Uint8Array(16);
  private values = new Int32Array(16).fill(none);
  private zeros = new Int32Array(16).fill(none);
  private ones = new Int32Array(16).fill(none);
  private given = 1;
  private freed = none;
  private used = 1;
  /** The nodes that the last walk met; valid until the next one. */
  private readonly path = new Int32Array(longest + 1);

  /** Nodes in use beside the root. */
  get size(): number {
    return this.used - 1;
  }

  /** The number kept for this prefix; -1 when there is none. */
  get(words: Ipv6Words, length: number): number {
    const depth = this.walk(words, length);
    const node = this.path[depth - 1] ?? 0;
    return this.lengths[node] === length ? (this.values[node] ?? none) : none;
  }

  /** Keeps a number for this prefix; -1 forgets it. */
  set(words: Ipv6Words, length: number, value: number): void {
    if (value !== none) {
      const node = this.nodeFor(words, length); // Before `values` is looked at: a new node may have it grown.
      this.values[node] = value;
      return;
    }
    const depth = this.walk(words, length);
    const node = this.path[depth - 1] ?? 0;
    if (this.lengths[node] !== length) return;
    this.values[node] = none;
    this.prune(depth);
  }

  /** Visits the numbers of the prefixes that contain the given one or equal it, the shortest prefix first. */
  covering(words: Ipv6Words, length: number, visit: (value: number, length: number) => void): void {
    const depth = this.walk(words, length);
    for (let index = 0; index < depth; index++) {
      const node = this.path[index] ?? 0;
      const value = this.values[node] ?? none;
      if (value !== none) visit(value, this.lengths[node] ?? 0);
    }
  }

  /** Visits the numbers of the prefixes that lie strictly inside the given one. */
  inside(words: Ipv6Words, length: number, visit: (value: number) => void): void {
    for (const node of this.topInside(words, length, this.walk(words, length))) this.all(node, visit);
  }

  /** True where a number is kept for any prefix that contains the given one, equals it or lies inside it. */
  meets(words: Ipv6Words, length: number): boolean {
    const depth = this.walk(words, length);
    for (let index = 0; index < depth; index++) if (this.values[this.path[index] ?? 0] !== none) return true;
    // A node without a number parts two branches, and each of them ends in one with a number.
    return this.topInside(words, length, depth).some((node) => node !== none);
  }

  /**
   * Visits the prefixes strictly inside the given one, cut off behind `cut` bits: each once, however many lie behind it, and
   * none inside another that was visited.
   */
  insideCut(words: Ipv6Words, length: number, cut: number, visit: (words: Ipv6Words, length: number) => void): void {
    const cutOff = (node: number): void => {
      if (node === none) return;
      const own = this.lengths[node] ?? 0;
      if (own < cut && this.values[node] === none) {
        cutOff(this.zeros[node] ?? none);
        cutOff(this.ones[node] ?? none);
        return;
      }
      const at = [0, 1, 2, 3].map((index) => this.words[node * 4 + index] ?? 0);
      visit(firstBits(at, Math.min(own, cut)), Math.min(own, cut));
    };
    for (const node of this.topInside(words, length, this.walk(words, length))) cutOff(node);
  }

  /** The nodes, -1 for none, under which all prefixes strictly inside a given one lie, after a walk to it. */
  private topInside(words: Ipv6Words, length: number, depth: number): readonly number[] {
    const last = this.path[depth - 1] ?? 0;
    const own = this.lengths[last] ?? 0;
    if (own === length) return [this.zeros[last] ?? none, this.ones[last] ?? none];
    const child = this.childOf(last, bitAt(words, own));
    return child !== none && this.sharedWith(child, words, length) >= length ? [child] : [];
  }

  private all(node: number, visit: (value: number) => void): void {
    if (node === none) return;
    const value = this.values[node] ?? none;
    if (value !== none) visit(value);
    this.all(this.zeros[node] ?? none, visit);
    this.all(this.ones[node] ?? none, visit);
  }

  /** Fills `path` with the nodes from the root to the longest one that contains the prefix; returns how many they are. */
  private walk(words: Ipv6Words, length: number): number {
    let depth = 0;
    let node = 0;
    while (node !== none) {
      const own = this.lengths[node] ?? 0;
      if (own > length || this.sharedWith(node, words, own) < own) break;
      this.path[depth++] = node;
      node = own === longest ? none : this.childOf(node, bitAt(words, own));
    }
    return depth;
  }

  private nodeFor(words: Ipv6Words, length: number): number {
    const parent = this.path[this.walk(words, length) - 1] ?? 0;
    const parentLength = this.lengths[parent] ?? 0;
    if (parentLength === length) return parent;
    const bit = bitAt(words, parentLength);
    const child = this.childOf(parent, bit);
    const leaf = this.take(words, length);
    if (child === none) {
      this.setChild(parent, bit, leaf);
      return leaf;
    }
    const shared = this.sharedWith(child, words, Math.min(this.lengths[child] ?? 0, length));
    if (shared === length) {
      this.setChild(leaf, this.bitOf(child, length), child);
      this.setChild(parent, bit, leaf);
      return leaf;
    }
    const fork = this.take(words, shared);
    this.setChild(fork, this.bitOf(child, shared), child);
    this.setChild(fork, bitAt(words, shared), leaf);
    this.setChild(parent, bit, fork);
    return leaf;
  }

  /** Takes out the nodes at the end of the path that neither keep a number nor part two branches. */
  private prune(depth: number): void {
    for (let index = depth - 1; index > 0; index--) {
      const node = this.path[index] ?? 0;
      const parent = this.path[index - 1] ?? 0;
      const [zero, one] = [this.zeros[node] ?? none, this.ones[node] ?? none];
      if (this.values[node] !== none || (zero !== none && one !== none)) return;
      this.setChild(parent, this.bitOf(node, this.lengths[parent] ?? 0), zero === none ? one : zero);
      this.give(node);
    }
  }

  private childOf(node: number, bit: number): number {
    return (bit === 0 ? this.zeros[node] : this.ones[node]) ?? none;
  }

  private setChild(parent: number, bit: number, child: number): void {
    if (bit === 0) this.zeros[parent] = child;
    else this.ones[parent] = child;
  }

  private bitOf(node: number, index: number): number {
    return ((this.words[node * 4 + (index >>> 5)] ?? 0) >>> (31 - (index & 31))) & 1;
  }

  /** How many leading bits a node shares with the words, at most `limit`. */
  private sharedWith(node: number, words: Ipv6Words, limit: number): number {
    for (let index = 0; index < 4; index++) {
      const difference = (this.words[node * 4 + index] ?? 0) ^ (words[index] ?? 0);
      if (difference !== 0) return Math.min(limit, index * 32 + Math.clz32(difference));
    }
    return limit;
  }

  private take(words: Ipv6Words, length: number): number {
    let node = this.freed;
    if (node !== none) this.freed = this.zeros[node] ?? none;
    else {
      if (this.given === this.lengths.length) this.grow();
      node = this.given++;
    }
    for (let index = 0; index < 4; index++) {
      const bits = Math.min(32, Math.max(0, length - index * 32));
      this.words[node * 4 + index] = bits === 0 ? 0 : (words[index] ?? 0) & (0xffffffff << (32 - bits));
    }
    this.lengths[node] = length;
    this.values[node] = none;
    this.zeros[node] = none;
    this.ones[node] = none;
    this.used++;
    return node;
  }

  private give(node: number): void {
    this.zeros[node] = this.freed;
    this.freed = node;
    this.used--;
  }

  private grow(): void {
    const room = this.given + 1;
    this.lengths = grown(this.lengths, room);
    this.words = grown(this.words, this.lengths.length * 4);
    this.values = grown(this.values, room);
    this.zeros = grown(this.zeros, room);
    this.ones = grown(this.ones, room);
  }
}

function bitAt(words: Ipv6Words, index: number): number {
  return ((words[index >>> 5] ?? 0) >>> (31 - (index & 31))) & 1;
}
