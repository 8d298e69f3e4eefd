import { type Ipv6Prefix, type Ipv6Words, prefixBits } from '../events/index.js';

/** True when two prefixes share an address, which is when one contains the other. */
export function overlap(a: Ipv6Prefix, b: Ipv6Prefix): boolean {
  const [first, second] = [prefixBits(a), prefixBits(b)];
  return startAlike(first.words, second.words, Math.min(first.length, second.length));
}

/** True when the prefix has this length and contains the address. */
export function contains(prefix: Ipv6Prefix, address: Ipv6Words, length: number): boolean {
  const bits = prefixBits(prefix);
  return bits.length === length && startAlike(bits.words, address, length);
}

function startAlike(a: Ipv6Words, b: Ipv6Words, bits: number): boolean {
  for (let index = 0; index * 32 < bits; index++) {
    const beyond = Math.max(0, 32 - (bits - index * 32));
    if (((a[index] ?? 0) ^ (b[index] ?? 0)) >>> beyond !== 0) return false;
  }
  return true;
}
