import type { IpAddress, Ipv6Prefix } from '../../events/index.js';
import type { AssignmentRow } from '../assignments.projection.js';
import type { ClaimIndex } from '../claim-index.js';
import { isWaitingAt, prefixesAt } from '../customer-prefixes.js';
import type { DelegationRow } from '../delegations.projection.js';
import { endedPrefixesOf } from '../formers.js';
import { grantedPrefixes } from '../granted-prefixes.js';
import type { NetworkMap } from '../network-map.js';
import { cutOff, outermost } from '../prefix-overlap.js';
import type { OpenPool } from './address-kind.js';
import { linksOf } from './gateway-links.js';
import type { Fill, Kind, OpenRange, Served } from './kind.js';
import { KnownPrefixes } from './known-things.js';
import { poolsInUse } from './pools-in-use.js';
import { linkLength, PrefixRange } from './prefix-range.js';

/** So many prefixes of customers are kept open; one that is asked for again is opened anew. */
const mostOpen = 64;

/** A range of prefixes that is handed out from. */
export interface OpenPrefixes extends OpenRange<Ipv6Prefix> {
  readonly range: PrefixRange;
}

/**
 * The /64s of servers: out of the prefixes of the server's customer, those delegated first first; a customer that has none at
 * the site, and waits for none, is served out of the pools for server prefixes of the site. A delegation that waits for another
 * customer's gives nothing. A prefix that is longer than a /64 counts as the /64 around it.
 */
export class PrefixKind implements Kind<Ipv6Prefix, OpenPrefixes> {
  private pools: readonly (OpenPool<Ipv6Prefix> & OpenPrefixes)[] = [];
  private readonly delegated = new Map<Ipv6Prefix, OpenPrefixes>();
  /** Nobody is served at all: nothing need be remembered of any server. */
  private isUsed = false;

  constructor(private readonly map: NetworkMap) {}

  reopen(): void {
    this.delegated.clear();
    this.pools = poolsInUse(this.map, 'server-prefix').flatMap((declared) => {
      const range = PrefixRange.of(declared.prefix, linkLength, declared.reserved);
      return range === undefined ? [] : [{ range, declared, poolId: declared.poolId }];
    });
    this.isUsed = this.pools.length > 0 || this.map.delegations.size > 0;
  }

  /** True where servers were not remembered, and must be by now. */
  get isTooLate(): boolean {
    return !this.isUsed && this.map.delegations.size > 0;
  }

  *open(): Iterable<OpenPrefixes> {
    yield* this.pools;
    yield* this.delegated.values();
  }

  openPools(): readonly (OpenPool<Ipv6Prefix> & OpenPrefixes)[] {
    return this.pools;
  }

  openFor({ customerId, site }: Served, fill: Fill<OpenPrefixes>): readonly OpenPrefixes[] {
    const row = customerId === undefined ? undefined : this.map.delegations.get(customerId);
    const has = row === undefined ? [] : prefixesAt(row, site);
    if (row === undefined || has.length === 0)
      return row !== undefined && isWaitingAt(row, site)
        ? []
        : this.pools.filter(({ declared }) => declared.site === site);
    return has.flatMap((prefix) =>
      this.map.delegationHolder(row, prefix) === undefined ? (this.opened(prefix, fill) ?? []) : [],
    );
  }

  /** The range of a delegated prefix, filled. */
  opened(prefix: Ipv6Prefix, fill: Fill<OpenPrefixes>): OpenPrefixes | undefined {
    const known = this.delegated.get(prefix);
    if (known !== undefined) return known;
    const range = PrefixRange.of(prefix);
    if (range === undefined) return undefined;
    const [oldest] = this.delegated.keys();
    if (this.delegated.size >= mostOpen && oldest !== undefined) this.delegated.delete(oldest);
    const opened = { range, poolId: undefined };
    fill(opened);
    this.delegated.set(prefix, opened);
    return opened;
  }

  ofServer(row: AssignmentRow) {
    if (!this.isUsed) return { held: [], released: [], claimed: [] };
    const granted = row.added === undefined ? [] : grantedPrefixes(row);
    const held = granted.map(({ prefix, time }) => ({ thing: cutOff(prefix, linkLength), since: time }));
    const released = endedPrefixesOf(row).map(({ value, customerId, namedAt, endedAt }) => ({
      ...{ thing: cutOff(value, linkLength), since: namedAt, until: endedAt, customerId },
    }));
    return { held, released, claimed: [] };
  }

  /** What is delegated out of a pool is taken there. */
  ofCustomer({ claims }: DelegationRow) {
    const isPooled = (prefix: Ipv6Prefix): boolean => this.pools.some(({ range }) => range.overlaps(prefix));
    const pooled = claims.map(({ prefix }) => prefix).filter(isPooled);
    return { held: pooled.map((thing) => ({ thing, since: Number.NEGATIVE_INFINITY })), released: [], claimed: [] };
  }

  takenBy(addresses: readonly IpAddress[]): Ipv6Prefix[] {
    return linksOf(addresses);
  }

  isClaimed(prefix: Ipv6Prefix, { range, poolId }: OpenPrefixes): boolean {
    const isIn = (claims: ClaimIndex<string>): boolean =>
      range.isUnit(prefix) ? claims.isMet(prefix) : claims.isCovered(prefix);
    return isIn(this.map.claims) || (poolId !== undefined && isIn(this.map.delegated));
  }

  claimedIn(prefix: Ipv6Prefix, { range, poolId }: OpenPrefixes): Iterable<Ipv6Prefix> {
    const ofServers = this.map.claims.partsClaimed(prefix, range.unit);
    return poolId === undefined ? ofServers : [...ofServers, ...this.map.delegated.partsClaimed(prefix, range.unit)];
  }

  known(): KnownPrefixes {
    return new KnownPrefixes();
  }

  distinct(prefixes: readonly Ipv6Prefix[]): readonly Ipv6Prefix[] {
    return outermost(prefixes);
  }
}
