import { type Ipv6Prefix, prefixBits } from '../../events/index.js';
import { PrefixTree } from '../packing/prefix-tree.js';

/** Things, each once, to be found by what they share an address with. */
export interface KnownThings<Thing> {
  add(thing: Thing): void;
  remove(thing: Thing): void;
  /** Those that contain the thing, equal it or lie in it. */
  meeting(thing: Thing): readonly Thing[];
}

/** Numbers of addresses: each meets itself. */
export class KnownNumbers implements KnownThings<number> {
  private readonly numbers = new Set<number>();

  add(number: number): void {
    this.numbers.add(number);
  }

  remove(number: number): void {
    this.numbers.delete(number);
  }

  meeting(number: number): readonly number[] {
    return this.numbers.has(number) ? [number] : [];
  }
}

export class KnownPrefixes implements KnownThings<Ipv6Prefix> {
  private readonly tree = new PrefixTree();
  /** By their numbers in the tree. */
  private readonly prefixes: (Ipv6Prefix | undefined)[] = [];
  private readonly unused: number[] = [];

  add(prefix: Ipv6Prefix): void {
    const { words, length } = prefixBits(prefix);
    if (this.tree.get(words, length) >= 0) return;
    const number = this.unused.pop() ?? this.prefixes.length;
    this.prefixes[number] = prefix;
    this.tree.set(words, length, number);
  }

  remove(prefix: Ipv6Prefix): void {
    const { words, length } = prefixBits(prefix);
    const number = this.tree.get(words, length);
    if (number < 0) return;
    this.tree.set(words, length, -1);
    this.prefixes[number] = undefined;
    this.unused.push(number);
  }

  meeting(prefix: Ipv6Prefix): readonly Ipv6Prefix[] {
    const { words, length } = prefixBits(prefix);
    const found: Ipv6Prefix[] = [];
    const visit = (number: number): void => {
      const one = this.prefixes[number];
      if (one !== undefined) found.push(one);
    };
    this.tree.covering(words, length, visit);
    this.tree.inside(words, length, visit);
    return found;
  }
}
