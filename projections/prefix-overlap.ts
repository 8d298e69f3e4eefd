import { formatPrefix, type Ipv6Prefix, type Ipv6Words, prefixBits } from '../events/index.js';

/** True when two prefixes share an address, which is when one contains the other. */
export function overlap(a: Ipv6Prefix, b: Ipv6Prefix): boolean {
  const [first, second] = [prefixBits(a), prefixBits(b)];
  return startAlike(first.words, second.words, Math.min(first.length, second.length));
}

/** True where the first prefix lies in the second, or equals it. */
export function isWithin(inner: Ipv6Prefix, outer: Ipv6Prefix): boolean {
  return prefixBits(outer).length <= prefixBits(inner).length && overlap(inner, outer);
}

/** The prefixes that lie in no other of them, each once, by address. */
export function outermost(prefixes: readonly Ipv6Prefix[]): Ipv6Prefix[] {
  const known = prefixes.map((prefix) => ({ prefix, ...prefixBits(prefix) }));
  known.sort((a, b) => byWords(a.words, b.words) || a.length - b.length);
  const kept: Ipv6Prefix[] = [];
  for (const { prefix } of known) {
    const last = kept.at(-1);
    if (last === undefined || !overlap(last, prefix)) kept.push(prefix);
  }
  return kept;
}

/** A prefix that is longer, as the one of this length around it. */
export function cutOff(prefix: Ipv6Prefix, length: number): Ipv6Prefix {
  const bits = prefixBits(prefix);
  return bits.length <= length ? prefix : formatPrefix(firstBits(bits.words, length), length);
}

/** @param length how many bits are kept; all behind them are 0 */
export function firstBits(words: readonly number[], length: number): Ipv6Words {
  const kept = (index: number): number => {
    const bits = Math.min(32, Math.max(0, length - index * 32));
    return bits === 0 ? 0 : ((words[index] ?? 0) & (0xffffffff << (32 - bits))) >>> 0;
  };
  return [kept(0), kept(1), kept(2), kept(3)];
}

/** True when the prefix has this length and contains the address. */
export function contains(prefix: Ipv6Prefix, address: Ipv6Words, length: number): boolean {
  const bits = prefixBits(prefix);
  return bits.length === length && startAlike(bits.words, address, length);
}

function byWords(a: Ipv6Words, b: Ipv6Words): number {
  for (let index = 0; index < 4; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function startAlike(a: Ipv6Words, b: Ipv6Words, bits: number): boolean {
  for (let index = 0; index * 32 < bits; index++) {
    const beyond = Math.max(0, 32 - (bits - index * 32));
    if (((a[index] ?? 0) ^ (b[index] ?? 0)) >>> beyond !== 0) return false;
  }
  return true;
}
