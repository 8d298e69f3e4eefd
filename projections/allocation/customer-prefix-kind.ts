import {
  type AddressPoolAdded,
  type CustomerId,
  type IpAddress,
  type Ipv6Prefix,
  parseIpv6Prefix,
  usualDelegatedLength,
} from '../../events/index.js';
import type { AssignmentRow } from '../assignments.projection.js';
import { customerPrefixes, endedCustomerPrefixes } from '../customer-prefixes.js';
import type { DelegationRow } from '../delegations.projection.js';
import { endedPrefixesOf } from '../formers.js';
import type { NetworkMap } from '../network-map.js';
import { outermost, overlap } from '../prefix-overlap.js';
import type { OpenPool } from './address-kind.js';
import { linksOf } from './gateway-links.js';
import type { Fill, Kind, Served } from './kind.js';
import { KnownPrefixes } from './known-things.js';
import { poolsInUse } from './pools-in-use.js';
import type { OpenPrefixes } from './prefix-kind.js';
import { PrefixRange } from './prefix-range.js';

/** An order of a prefix of a length. */
export interface ServedCustomer extends Served {
  readonly customerId: CustomerId;
  readonly length: number;
}

/** A pool, opened for one length. */
export type OpenCustomerPool = OpenPool<Ipv6Prefix> & OpenPrefixes;

/**
 * The prefixes of customers, out of the pools for customer prefixes of the site: for each length that was ordered an index of its
 * own over each pool. Free is one of which nobody has, claims or cools down any part.
 */
export class CustomerPrefixKind implements Kind<Ipv6Prefix, OpenCustomerPool, ServedCustomer> {
  private pools: readonly AddressPoolAdded[] = [];
  private prefixes: readonly Ipv6Prefix[] = [];
  /** By pool and length. */
  private readonly opened = new Map<string, OpenCustomerPool>();

  constructor(private readonly map: NetworkMap) {}

  reopen(): void {
    this.opened.clear();
    this.pools = poolsInUse(this.map, 'customer-prefix');
    this.prefixes = this.pools.flatMap(({ prefix }) => parseIpv6Prefix(prefix) ?? []);
  }

  open(): Iterable<OpenCustomerPool> {
    return this.opened.values();
  }

  openFor({ site, length }: ServedCustomer, fill: Fill<OpenCustomerPool>): readonly OpenCustomerPool[] {
    return this.pools.flatMap((declared) =>
      declared.site === site ? (this.openedAt(declared, length, fill) ?? []) : [],
    );
  }

  /** Every pool as it is counted: in prefixes of the usual length, or of its own where that is longer. */
  openPools(fill: Fill<OpenCustomerPool>): readonly OpenCustomerPool[] {
    return this.pools.flatMap((declared) => this.openedAt(declared, countedLength(declared), fill) ?? []);
  }

  /** What servers claim is taken, and what they gave back may lie in a prefix that was given back before. */
  ofServer(row: AssignmentRow) {
    if (this.pools.length === 0) return nothing;
    const claimed = row.claims.flatMap((one) =>
      one.kind === 'prefix' && this.isPooled(one.prefix) ? [one.prefix] : [],
    );
    const released = endedPrefixesOf(row).flatMap((one) => this.release(one, one.customerId));
    return claimed.length + released.length === 0 ? nothing : { ...nothing, claimed, released };
  }

  ofCustomer(row: DelegationRow) {
    const held = customerPrefixes(row).map(({ prefix, time }) => ({ thing: prefix, since: time }));
    const released = endedCustomerPrefixes(row).flatMap((one) => this.release(one, row.customerId));
    return { ...nothing, held: held.filter(({ thing }) => this.isPooled(thing)), released };
  }

  takenBy(addresses: readonly IpAddress[]): Ipv6Prefix[] {
    return linksOf(addresses);
  }

  isClaimed(prefix: Ipv6Prefix, { range }: OpenCustomerPool): boolean {
    const { claims, delegated } = this.map;
    return range.isUnit(prefix)
      ? claims.isMet(prefix) || delegated.isMet(prefix)
      : claims.isCovered(prefix) || delegated.isCovered(prefix);
  }

  claimedIn(prefix: Ipv6Prefix, { range }: OpenCustomerPool): Iterable<Ipv6Prefix> {
    const { claims, delegated } = this.map;
    return [...claims.partsClaimed(prefix, range.unit), ...delegated.partsClaimed(prefix, range.unit)];
  }

  known(): KnownPrefixes {
    return new KnownPrefixes();
  }

  distinct(prefixes: readonly Ipv6Prefix[]): readonly Ipv6Prefix[] {
    return outermost(prefixes);
  }

  private openedAt(
    declared: AddressPoolAdded,
    length: number,
    fill: Fill<OpenCustomerPool>,
  ): OpenCustomerPool | undefined {
    const name = `${declared.poolId} ${length}`;
    const known = this.opened.get(name);
    if (known !== undefined) return known;
    const range = PrefixRange.of(declared.prefix, length, declared.reserved);
    if (range === undefined) return undefined;
    const opened = { range, declared, poolId: declared.poolId };
    fill(opened);
    this.opened.set(name, opened);
    return opened;
  }

  private release(
    { value: thing, namedAt: since, endedAt: until }: { value: Ipv6Prefix; namedAt: number; endedAt: number },
    customerId: CustomerId | undefined,
  ) {
    return this.isPooled(thing) ? [{ thing, since, until, customerId }] : [];
  }

  private isPooled(prefix: Ipv6Prefix): boolean {
    return this.prefixes.some((pool) => overlap(pool, prefix));
  }
}

const nothing = { held: [], released: [], claimed: [] };

/** In what a pool for customers is counted. */
export function countedLength({ prefix }: AddressPoolAdded): number {
  return Math.max(usualDelegatedLength, Number(prefix.split('/')[1]));
}
