import type { Ipv6Words } from '../../../../events/index.js';
import { hashOfPrefix } from './hashes.js';
import { rowWords, type ServerRows, wordOf } from './server-rows.js';
import { SlotTable } from './slot-table.js';
import type { WordTable } from './word-table.js';

/** Keys of prefixes beside the rows: this and the length. */
export const prefixKind = 0x100;

/**
 * Who holds the longest prefix around an IPv6 address: the first prefix up to /64 of each server by its row, the others by
 * the table of further keys, whose owner adds and takes those.
 */
export class PrefixIndex {
  private readonly byPrefix: SlotTable;
  /** Servers with a prefix of each length. */
  private readonly ofLength = new Uint32Array(129);
  /** The lengths there are, the longest first. */
  private lengths: readonly number[] = [];

  /** @param others where further prefixes are found, under a kind of 0x100 and their length */
  constructor(
    private readonly rows: ServerRows,
    private readonly others: WordTable,
    expected: number,
  ) {
    this.byPrefix = new SlotTable((slot) => prefixHash(rows, slot), expected);
  }

  get bytes(): number {
    return this.byPrefix.bytes;
  }

  /** Puts the server in a slot under the prefix of its row. */
  add(slot: number, length: number): void {
    this.byPrefix.add(prefixHash(this.rows, slot), slot);
    this.count(length, 1);
  }

  /** Takes it from there again; its row is still the same. */
  remove(slot: number, length: number): void {
    this.byPrefix.remove(prefixHash(this.rows, slot), slot);
    this.count(length, -1);
  }

  /** One prefix of this length more or less, in a row or beside it. */
  count(length: number, more: 1 | -1): void {
    const now = (this.ofLength[length] ?? 0) + more;
    this.ofLength[length] = now;
    if (now > (more === 1 ? 1 : 0)) return;
    this.lengths = [...this.ofLength.keys()].filter((one) => this.ofLength[one] !== 0).reverse();
  }

  /** The slot of the server that holds the longest prefix around an IPv6 address; -1 when nobody does. */
  holder(first: number, second: number, third: number, fourth: number): number {
    const { lengths } = this;
    for (let index = 0; index < lengths.length; index++) {
      const slot = this.holderOfPrefix(first, second, third, fourth, lengths[index] ?? 0);
      if (slot >= 0) return slot;
    }
    return -1;
  }

  /** True where the prefix in the row of this slot is around the address, and none is longer: told by that row alone. */
  isSurelyHolder(slot: number, first: number, second: number): boolean {
    const { words } = this.rows;
    const base = slot * rowWords;
    const length = (words[base + wordOf.interfaceLength] ?? 0) & 0xff;
    if (length === 0 || length < (this.lengths[0] ?? 0)) return false;
    if (length <= 32) return words[base + wordOf.prefix] === (length === 32 ? first : kept(first, length));
    if (words[base + wordOf.prefix] !== first) return false;
    return words[base + wordOf.prefix + 1] === (length === 64 ? second : kept(second, length - 32));
  }

  /** As `holder`, as if the servers in these slots did not hold anything; tells how long the prefix is. */
  holderUnless(words: Ipv6Words, skipped: ReadonlySet<number>): { slot: number; length: number } | undefined {
    for (const length of this.lengths) {
      const slot = this.holderOfPrefix(...words, length);
      if (slot >= 0 && !skipped.has(slot)) return { slot, length };
    }
    return undefined;
  }

  private holderOfPrefix(first: number, second: number, third: number, fourth: number, length: number): number {
    const a = length >= 32 ? first : kept(first, length);
    const b = length >= 64 ? second : length <= 32 ? 0 : kept(second, length - 32);
    if (length <= 64) {
      const { byPrefix, rows } = this;
      byPrefix.start(hashOfPrefix(a, b, length));
      for (let slot = byPrefix.next(); slot >= 0; slot = byPrefix.next()) {
        const base = slot * rowWords;
        const { words } = rows;
        if (
          words[base + wordOf.prefix + 1] === b &&
          words[base + wordOf.prefix] === a &&
          ((words[base + wordOf.interfaceLength] ?? 0) & 0xff) === length
        )
          return slot;
      }
    }
    if (this.others.size === 0) return -1;
    const c = length >= 96 ? third : length <= 64 ? 0 : kept(third, length - 64);
    const d = length >= 128 ? fourth : length <= 96 ? 0 : kept(fourth, length - 96);
    return this.others.get(a, b, c, d, prefixKind + length);
  }
}

/** The first bits of a word, the others zero; 1 to 31 of them, or none where the length is 0 or less. */
function kept(word: number, bits: number): number {
  return bits <= 0 ? 0 : (word & (0xffffffff << (32 - bits))) >>> 0;
}

/** The words of a prefix of this length, the other bits zero. */
export function cut([first, second, third, fourth]: Ipv6Words, length: number): [number, number, number, number] {
  const part = (word: number, bits: number): number => (bits >= 32 ? word : kept(word, bits));
  return [part(first, length), part(second, length - 32), part(third, length - 64), part(fourth, length - 96)];
}

function prefixHash(rows: ServerRows, slot: number): number {
  const length = rows.word(slot, wordOf.interfaceLength) & 0xff;
  return hashOfPrefix(rows.word(slot, wordOf.prefix), rows.word(slot, wordOf.prefix + 1), length);
}
