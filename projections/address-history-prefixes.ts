import { type Ipv6Words, wordsOf } from '../events/index.js';

/** The names of the keys of one family of prefixes. */
export interface PrefixKeys {
  readonly exact: string;
  readonly inside: string;
}

/** The key under which the lengths of prefixes that some event names are posted, in place of ordinals. */
export const prefixLengths = 'prefix-lengths';

/** Longer prefixes and addresses are also posted under the blocks of these lengths around them. */
const blockLengths = [16, 32, 48, 64] as const;
const longestBlock = 64;

/** The keys under which a prefix is posted: its own, and those of the blocks around it. */
export function keysAround(
  names: PrefixKeys,
  prefix: string,
): { readonly keys: readonly string[]; readonly length: number } {
  const { words, length } = parted(prefix);
  const around = blockLengths.filter((one) => one < length);
  const keys = [keyOf(names.exact, words, length), ...around.map((one) => keyOf(names.inside, words, one))];
  return { keys, length };
}

/** The keys of all prefixes that contain an address. @param lengths those in use */
export function keysContaining(names: PrefixKeys, address: string, lengths: readonly number[]): string[] {
  const words = wordsOf(address);
  return lengths.map((length) => keyOf(names.exact, words, length));
}

/**
 * The keys of all prefixes that share an address with this one: of those that contain it, and of those inside it.
 * Inside a prefix longer than a /64 others may be found as well: who reads looks again. @param lengths those in use
 */
export function keysOverlapping(names: PrefixKeys, prefix: string, lengths: readonly number[]): string[] {
  const { words, length } = parted(prefix);
  const around = lengths.filter((one) => one <= length).map((one) => keyOf(names.exact, words, one));
  const block = blockLengths.find((one) => one >= length);
  if (block === undefined) return [...around, keyOf(names.inside, words, longestBlock)];
  const between = lengths.filter((one) => one > length && one <= block);
  const inside = between.flatMap((one) => keysOfBlocks(names.exact, words, length, one));
  return [...around, ...inside, ...keysOfBlocks(names.inside, words, length, block)];
}

/** The keys of all addresses inside a prefix; for one longer than a /64 others may be found as well. */
export function keysOfAddressesIn(names: PrefixKeys, prefix: string): string[] {
  const { words, length } = parted(prefix);
  const block = blockLengths.find((one) => one >= length);
  return block === undefined
    ? [keyOf(names.inside, words, longestBlock)]
    : keysOfBlocks(names.inside, words, length, block);
}

/** One key for each block of a length that lies in a prefix; a block is no longer than 64 bits. */
function keysOfBlocks(name: string, words: Ipv6Words, length: number, block: number): string[] {
  const [first, second] = masked(words, length);
  const network = (BigInt(first) << 32n) | BigInt(second);
  const step = 1n << BigInt(longestBlock - block);
  return Array.from({ length: 2 ** (block - length) }, (_, index) => {
    const at = network + BigInt(index) * step;
    return keyOf(name, [Number(at >> 32n), Number(at & 0xffffffffn), 0, 0], block);
  });
}

function keyOf(name: string, words: Ipv6Words, length: number): string {
  return `${name} ${length} ${masked(words, length).join('.')}`;
}

function masked(words: Ipv6Words, length: number): Ipv6Words {
  const word = (index: 0 | 1 | 2 | 3): number => {
    const kept = Math.min(32, Math.max(0, length - index * 32));
    return kept === 0 ? 0 : (words[index] & (0xffffffff << (32 - kept))) >>> 0;
  };
  return [word(0), word(1), word(2), word(3)];
}

function parted(prefix: string): { readonly words: Ipv6Words; readonly length: number } {
  const slash = prefix.indexOf('/');
  return { words: wordsOf(prefix.slice(0, slash)), length: Number(prefix.slice(slash + 1)) };
}
