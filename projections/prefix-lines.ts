import { type CustomerId, formatPrefix, type Ipv6Prefix, type Ipv6Words, prefixBits } from '../events/index.js';
import type { VisitClaimant } from './exact-lines.js';
import { Claimants } from './packing/claimants.js';
import { Names } from './packing/names.js';
import { PrefixTree } from './packing/prefix-tree.js';

/** A prefix that is claimed, and for which customer. */
export interface ClaimedPrefix {
  readonly prefix: Ipv6Prefix;
  /** Prefixes of one customer may nest; across customers they may not overlap. */
  readonly customer: CustomerId | undefined;
}

const none = -1;
/** Beside the numbers of customers, and -1 for one that claims nothing. */
const nobody = -2;

/** Who claims each IPv6 prefix. */
export class PrefixLines {
  /** At each prefix the first claimant. */
  private readonly tree = new PrefixTree();
  private readonly claimants = new Claimants();
  private readonly customers = new Names();

  get size(): number {
    return this.claimants.size;
  }

  add({ prefix, customer }: ClaimedPrefix, server: number, since: number): void {
    const { words, length } = prefixBits(prefix);
    const number = customer === undefined ? nobody : this.customers.numberFor(customer);
    this.tree.set(words, length, this.claimants.add(this.tree.get(words, length), server, since, number, 0));
  }

  remove({ prefix, customer }: ClaimedPrefix, server: number): void {
    const { words, length } = prefixBits(prefix);
    const number = customer === undefined ? nobody : this.customers.numberOf(customer);
    const head = this.tree.get(words, length);
    this.tree.set(words, length, this.claimants.remove(head, server, number, 0));
  }

  /** Visits every claimant in conflict with a claim: of the same prefix, or of one that overlaps, of another customer. */
  eachRival({ prefix, customer }: ClaimedPrefix, visit: VisitClaimant): void {
    const { words, length } = prefixBits(prefix);
    const own = customer === undefined ? nobody : this.customers.numberOf(customer);
    this.tree.covering(words, length, (head, found) => this.eachIn(head, found === length ? undefined : own, visit));
    this.tree.inside(words, length, (head) => this.eachIn(head, own, visit));
  }

  /** Visits the claimants of every prefix around an address, the shortest prefix first. */
  eachAround(words: Ipv6Words, visit: (server: number, since: number, length: number) => void): void {
    this.tree.covering(words, 128, (head, length) =>
      this.eachIn(head, undefined, (server, since) => visit(server, since, length)),
    );
  }

  /** True where anybody claims a prefix that shares an address with this one. */
  isMet(prefix: Ipv6Prefix): boolean {
    const { words, length } = prefixBits(prefix);
    return this.tree.meets(words, length);
  }

  /** True where anybody claims this prefix or one around it. */
  isCovered(prefix: Ipv6Prefix): boolean {
    const { words, length } = prefixBits(prefix);
    let isCovered = false;
    this.tree.covering(words, length, () => (isCovered = true));
    return isCovered;
  }

  /** What is claimed of a prefix, in its parts of `unit` bits: none inside another one, however much is claimed there. */
  partsClaimed(prefix: Ipv6Prefix, unit: number): Ipv6Prefix[] {
    if (this.isCovered(prefix)) return [prefix];
    const { words, length } = prefixBits(prefix);
    const parts: Ipv6Prefix[] = [];
    this.tree.insideCut(words, length, unit, (at, bits) => parts.push(formatPrefix(at, bits)));
    // Of several in one part, each is met by itself where no node parts them there.
    return [...new Set(parts)];
  }

  private eachIn(head: number, but: number | undefined, visit: VisitClaimant): void {
    const { servers, since, first, next } = this.claimants;
    for (let one = head; one >= 0; one = next[one] ?? none)
      if (first[one] !== but) visit(servers[one] ?? none, since[one] ?? none);
  }
}
