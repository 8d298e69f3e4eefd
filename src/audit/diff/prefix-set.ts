import { type Ipv6Prefix, type Ipv6Words, prefixBits } from '../../../events/index.js';
import { keysOverlapping, type PrefixKeys } from '../../../projections/index.js';

/** Prefixes, asked again and again whether another one overlaps any of them. */
export class PrefixSet {
  private readonly prefixes = new Set<Ipv6Prefix>();
  /** For an asked length: the beginnings of the prefixes, as many bits of each as the two have in common. */
  private readonly beginnings = new Map<number, ReadonlyMap<number, ReadonlySet<string>>>();

  add(prefix: Ipv6Prefix): void {
    if (this.prefixes.has(prefix)) return;
    this.prefixes.add(prefix);
    this.beginnings.clear();
  }

  overlaps(prefix: Ipv6Prefix): boolean {
    const { words, length } = prefixBits(prefix);
    const known = this.beginnings.get(length) ?? this.begin(length);
    return [...known].some(([bits, keys]) => keys.has(keyOf(words, bits)));
  }

  /** The keys of all prefixes that overlap one of these, each once. */
  keysOverlapping(names: PrefixKeys, lengths: readonly number[]): string[] {
    return [...new Set([...this.prefixes].flatMap((prefix) => keysOverlapping(names, prefix, lengths)))];
  }

  private begin(asked: number): ReadonlyMap<number, ReadonlySet<string>> {
    const found = new Map<number, Set<string>>();
    for (const prefix of this.prefixes) {
      const { words, length } = prefixBits(prefix);
      const bits = Math.min(asked, length);
      const keys = found.get(bits) ?? new Set();
      found.set(bits, keys.add(keyOf(words, bits)));
    }
    this.beginnings.set(asked, found);
    return found;
  }
}

function keyOf(words: Ipv6Words, bits: number): string {
  return words.map((word, index) => firstBits(word, bits - index * 32)).join(' ');
}

function firstBits(word: number, bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? word >>> 0 : (word & (-1 << (32 - bits))) >>> 0;
}
