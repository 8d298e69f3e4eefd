import {
  formatPrefix,
  type IpAddress,
  type Ipv6Prefix,
  type Ipv6Words,
  parseDelegatedPrefix,
  prefixBits,
} from '../../events/index.js';
import { overlap } from '../prefix-overlap.js';
import type { NumberRange } from './kind.js';
import { FreeNumbers } from './free-numbers.js';

const longest = 64;

/**
 * The /64s of a prefix, all free at first; none is left out, for a /64 has no first or last one that means something else
 * (RFC 4291 section 2.6.1 reserves an address in each, not a /64).
 */
export class PrefixRange implements NumberRange<Ipv6Prefix> {
  readonly free: FreeNumbers;
  private readonly first: Ipv6Words;
  private readonly length: number;
  private readonly keptBack: readonly Ipv6Prefix[];

  private constructor(
    readonly prefix: Ipv6Prefix,
    reserved: readonly IpAddress[],
  ) {
    const { words, length } = prefixBits(prefix);
    [this.first, this.length] = [words, length];
    this.free = new FreeNumbers(2 ** (longest - length));
    const host = reserved.filter((one) => one.includes(':')).map((one) => `${one}/128` as Ipv6Prefix);
    this.keptBack = host.filter((one) => this.overlaps(one));
    for (const one of this.keptBack) this.mark(one, false);
  }

  /** Undefined for a prefix of which no /64s are handed out: IPv4, longer than a /64, or wider than a /36. */
  static of(prefix: string, reserved: readonly IpAddress[] = []): PrefixRange | undefined {
    const parsed = parseDelegatedPrefix(prefix);
    return parsed === undefined ? undefined : new PrefixRange(parsed, reserved);
  }

  get size(): number {
    return this.free.size;
  }

  overlaps(prefix: Ipv6Prefix): boolean {
    return overlap(this.prefix, prefix);
  }

  count(prefix: Ipv6Prefix): number {
    const [from, to] = this.span(prefix);
    return to - from;
  }

  /** All /64s of the range that the prefix shares an address with. */
  mark(prefix: Ipv6Prefix, isFree: boolean): void {
    this.free.setSpan(...this.span(prefix), isFree);
    if (isFree) for (const one of this.keptBack) if (overlap(one, prefix)) this.free.setSpan(...this.span(one), false);
  }

  /** The /64s of reserved addresses. */
  isKeptBack(prefix: Ipv6Prefix): boolean {
    return this.keptBack.some((one) => overlap(one, prefix));
  }

  next(): Ipv6Prefix | undefined {
    const number = this.free.nextFree();
    if (number === undefined) return undefined;
    // A /36 or longer: all its /64s differ in the second word alone.
    return formatPrefix([this.first[0], this.first[1] + number, 0, 0], longest);
  }

  private span(prefix: Ipv6Prefix): [number, number] {
    const { words, length } = prefixBits(prefix);
    if (length <= this.length) return [0, this.size];
    const from = words[1] - this.first[1];
    return [from, from + 2 ** Math.max(0, longest - length)];
  }
}
