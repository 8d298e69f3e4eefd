import {
  type CustomerId,
  formatPrefix,
  type IpAddress,
  type Ipv6Prefix,
  type Ipv6Words,
  parseIpv6,
  prefixBits,
  wordsOf,
} from '../../events/index.js';
import type { AssignmentRow } from '../assignments.projection.js';
import { PrefixClaim } from '../claims.js';
import { endedPrefixesOf } from '../formers.js';
import { grantedPrefixes } from '../granted-prefixes.js';
import type { NetworkMap } from '../network-map.js';
import { outermost } from '../prefix-overlap.js';
import type { OpenPool } from './address-kind.js';
import type { Kind, NumberRange, OpenRange, Served } from './kind.js';
import { poolsInUse } from './pools-in-use.js';
import { PrefixRange } from './prefix-range.js';

/** So many prefixes of customers are kept open; one that is asked for again is opened anew. */
const mostOpen = 64;
const [shortest, longest] = [36, 64];

/**
 * The /64s of servers: out of the prefixes of the server's customer, those delegated first first; a customer that has none is
 * served out of the pools for server prefixes of the site. A delegation that waits for another customer's gives nothing.
 * A prefix that is longer than a /64 counts as the /64 around it.
 */
export class PrefixKind implements Kind<Ipv6Prefix> {
  private pools: readonly OpenPool<Ipv6Prefix>[] = [];
  private readonly delegated = new Map<Ipv6Prefix, OpenRange<Ipv6Prefix>>();
  /** Nobody is served at all: nothing need be remembered of any server. */
  private isUsed = false;

  constructor(private readonly map: NetworkMap) {}

  reopen(): void {
    this.delegated.clear();
    this.pools = poolsInUse(this.map, 'server-prefix').flatMap((declared) => {
      const range = PrefixRange.of(declared.prefix, declared.reserved);
      return range === undefined ? [] : [{ range, declared, poolId: declared.poolId }];
    });
    this.isUsed = this.pools.length > 0 || this.map.delegations.size > 0;
  }

  /** True where servers were not remembered, and must be by now. */
  get isTooLate(): boolean {
    return !this.isUsed && this.map.delegations.size > 0;
  }

  *open(): Iterable<OpenRange<Ipv6Prefix>> {
    yield* this.pools;
    yield* this.delegated.values();
  }

  openPools(): readonly OpenPool<Ipv6Prefix>[] {
    return this.pools;
  }

  openFor(
    { customerId, site }: Served,
    fill: (range: NumberRange<Ipv6Prefix>) => void,
  ): readonly OpenRange<Ipv6Prefix>[] {
    const row = customerId === undefined ? undefined : this.map.delegations.get(customerId);
    if (row === undefined || row.claims.length === 0)
      return this.pools.filter(({ declared }) => declared.site === site);
    const inOrder = [...row.claims].sort((a, b) => a.since - b.since);
    return inOrder.flatMap(({ prefix }) =>
      this.map.delegationHolder(row, prefix) === undefined ? (this.opened(prefix, fill) ?? []) : [],
    );
  }

  /** The range of a delegated prefix, filled. */
  opened(prefix: Ipv6Prefix, fill: (range: NumberRange<Ipv6Prefix>) => void): OpenRange<Ipv6Prefix> | undefined {
    const known = this.delegated.get(prefix);
    if (known !== undefined) return known;
    const range = PrefixRange.of(prefix);
    if (range === undefined) return undefined;
    const [oldest] = this.delegated.keys();
    if (this.delegated.size >= mostOpen && oldest !== undefined) this.delegated.delete(oldest);
    const opened = { range, poolId: undefined };
    fill(range);
    this.delegated.set(prefix, opened);
    return opened;
  }

  belongingsOf(row: AssignmentRow) {
    if (!this.isUsed) return { held: [], released: [] };
    const granted = row.added === undefined ? [] : grantedPrefixes(row);
    const held = granted.map(({ prefix, time }) => ({ thing: wholeOf(prefix), since: time }));
    const released = endedPrefixesOf(row).map(({ value, customerId, namedAt, endedAt }) => ({
      ...{ thing: wholeOf(value), since: namedAt, until: endedAt, customerId },
    }));
    return { held, released };
  }

  takenBy(addresses: readonly IpAddress[]): Ipv6Prefix[] {
    return addresses.flatMap((one) => {
      const address = parseIpv6(one);
      return address === undefined ? [] : [network(wordsOf(address), longest)];
    });
  }

  isClaimed(prefix: Ipv6Prefix): boolean {
    for (const claimed of this.claimsIn(prefix))
      if (this.isWhole(prefix) || prefixBits(claimed).length <= prefixBits(prefix).length) return true;
    return false;
  }

  isWhole(prefix: Ipv6Prefix): boolean {
    return prefixBits(prefix).length === longest;
  }

  around(prefix: Ipv6Prefix, has: (prefix: Ipv6Prefix) => boolean): readonly Ipv6Prefix[] {
    const { words, length } = prefixBits(prefix);
    const found: Ipv6Prefix[] = [];
    for (let one = shortest; one <= length; one++) {
      const candidate = network(words, one);
      if (has(candidate)) found.push(candidate);
    }
    return found;
  }

  claimedIn(range: NumberRange<Ipv6Prefix>): Iterable<Ipv6Prefix> {
    return range instanceof PrefixRange ? this.claimsIn(range.prefix).map(wholeOf) : [];
  }

  distinct(prefixes: readonly Ipv6Prefix[]): readonly Ipv6Prefix[] {
    return outermost(prefixes);
  }

  /** Every prefix that any server claims, also in vain, and that shares an address with this one. */
  private claimsIn(prefix: Ipv6Prefix): Ipv6Prefix[] {
    const everybody = new PrefixClaim(prefix, nobody, Number.POSITIVE_INFINITY);
    return this.map.claims
      .claimantsOf(everybody)
      .flatMap(({ claim }) => (claim.kind === 'prefix' ? [claim.prefix] : []));
  }
}

/** No customer has this id: what is claimed for any is in conflict with it. */
const nobody = '' as CustomerId;

/** A prefix that is longer than a /64 takes up the /64 around it. */
function wholeOf(prefix: Ipv6Prefix): Ipv6Prefix {
  const { words, length } = prefixBits(prefix);
  return length <= longest ? prefix : network(words, longest);
}

/** @param length at least 32, at most 64 */
function network([first, second]: Ipv6Words, length: number): Ipv6Prefix {
  const kept = length === 32 ? 0 : (second & (~0 << (longest - length))) >>> 0;
  return formatPrefix([first, kept, 0, 0], length);
}
