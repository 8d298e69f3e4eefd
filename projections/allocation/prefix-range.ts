import {
  formatPrefix,
  type IpAddress,
  type Ipv6Prefix,
  type Ipv6Words,
  parseIpv6Prefix,
  prefixBits,
} from '../../events/index.js';
import { cutOff, overlap } from '../prefix-overlap.js';
import { FreeNumbers, mostNumbers } from './free-numbers.js';
import type { NumberRange } from './kind.js';

/** What is handed out is this long at most: a /64 is what a link has (RFC 4291 section 2.5.1). */
export const linkLength = 64;

/**
 * The prefixes of one length in a wider one, all free at first; none is left out, for a prefix has no first or last one that
 * means something else (RFC 4291 section 2.6.1 reserves an address in each /64, not a /64).
 */
export class PrefixRange implements NumberRange<Ipv6Prefix> {
  readonly free: FreeNumbers;
  private readonly first: Ipv6Words;
  private readonly length: number;
  /** How many of them lie in a /32. */
  private readonly inWord: number;
  private readonly keptBack: readonly Ipv6Prefix[];

  private constructor(
    readonly prefix: Ipv6Prefix,
    readonly unit: number,
    reserved: readonly IpAddress[],
  ) {
    const { words, length } = prefixBits(prefix);
    [this.first, this.length, this.inWord] = [words, length, 2 ** (unit - 32)];
    this.free = new FreeNumbers(2 ** (unit - length));
    const host = reserved.filter((one) => one.includes(':')).map((one) => `${one}/128` as Ipv6Prefix);
    this.keptBack = host.filter((one) => this.overlaps(one));
    for (const one of this.keptBack) this.mark(one, false);
  }

  /**
   * Undefined where nothing is handed out: IPv4, a prefix that is longer than what is, or one of more than 2^28 of them.
   * @param unit the length of what is handed out, 32 to 64
   */
  static of(prefix: string, unit = linkLength, reserved: readonly IpAddress[] = []): PrefixRange | undefined {
    const parsed = parseIpv6Prefix(prefix);
    if (parsed === undefined) return undefined;
    const count = 2 ** (unit - prefixBits(parsed).length);
    return count < 1 || count > mostNumbers ? undefined : new PrefixRange(parsed, unit, reserved);
  }

  get size(): number {
    return this.free.size;
  }

  get all(): Ipv6Prefix {
    return this.prefix;
  }

  overlaps(prefix: Ipv6Prefix): boolean {
    return overlap(this.prefix, prefix);
  }

  unitOf(prefix: Ipv6Prefix): Ipv6Prefix {
    return cutOff(prefix, this.unit);
  }

  isUnit(prefix: Ipv6Prefix): boolean {
    return prefixBits(prefix).length >= this.unit;
  }

  count(prefix: Ipv6Prefix): number {
    const [from, to] = this.span(prefix);
    return to - from;
  }

  /** All of the range that the prefix shares an address with. */
  mark(prefix: Ipv6Prefix, isFree: boolean): void {
    this.free.setSpan(...this.span(prefix), isFree);
    if (!isFree) return;
    const marked = this.unitOf(prefix);
    for (const one of this.keptBack) if (overlap(one, marked)) this.free.setSpan(...this.span(one), false);
  }

  /** Those with a reserved address in them. */
  isKeptBack(prefix: Ipv6Prefix): boolean {
    return this.keptBack.some((one) => overlap(one, prefix));
  }

  next(): Ipv6Prefix | undefined {
    const number = this.free.nextFree();
    if (number === undefined) return undefined;
    const step = 2 ** (linkLength - this.unit);
    const [high, low] = [Math.floor(number / this.inWord), (number % this.inWord) * step];
    return formatPrefix([this.first[0] + high, this.first[1] + low, 0, 0], this.unit);
  }

  /** The numbers from and to, the last one not counted. */
  private span(prefix: Ipv6Prefix): [number, number] {
    const { words, length } = prefixBits(prefix);
    if (length <= this.length) return [0, this.size];
    const step = 2 ** (linkLength - this.unit);
    const from = (words[0] - this.first[0]) * this.inWord + Math.floor((words[1] - this.first[1]) / step);
    return [from, from + 2 ** Math.max(0, this.unit - length)];
  }
}
