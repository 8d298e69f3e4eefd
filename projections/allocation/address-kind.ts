import {
  type AddressPoolAdded,
  formatIpv4,
  type IpAddress,
  type Ipv4Address,
  ipv4Number,
  parseIpv4,
} from '../../events/index.js';
import { addOnAddresses } from '../add-on-addresses.js';
import type { AssignmentRow } from '../assignments.projection.js';
import { endedAddressesOf } from '../formers.js';
import type { NetworkMap } from '../network-map.js';
import type { Kind, OpenRange, Served } from './kind.js';
import { KnownNumbers } from './known-things.js';
import { Ipv4Pool } from './ipv4-pool.js';
import { poolsInUse } from './pools-in-use.js';

export interface OpenPool<Thing> extends OpenRange<Thing> {
  readonly declared: AddressPoolAdded;
}

/** IPv4 addresses, as numbers, out of the pools of a site; network and broadcast addresses are kept back. */
export class AddressKind implements Kind<number> {
  private pools: readonly OpenPool<number>[] = [];

  constructor(private readonly map: NetworkMap) {}

  reopen(): void {
    this.pools = poolsInUse(this.map, 'ipv4-add-on').flatMap((declared) => {
      const range = Ipv4Pool.of(declared)?.takeKeptBack();
      return range === undefined ? [] : [{ range, declared, poolId: declared.poolId }];
    });
  }

  open(): readonly OpenPool<number>[] {
    return this.pools;
  }

  openFor({ site }: Served): readonly OpenPool<number>[] {
    return this.pools.filter(({ declared }) => declared.site === site);
  }

  ofServer(row: AssignmentRow) {
    const isIn = ({ thing }: { readonly thing: number }): boolean =>
      this.pools.some(({ range }) => range.overlaps(thing));
    const has = row.added === undefined ? [] : [...addOnAddresses(row)];
    const held = has.map(({ value, time }) => ({ thing: ipv4Number(value), since: time })).filter(isIn);
    const released = endedAddressesOf(row)
      .map(({ value, namedAt, endedAt }) => ({
        thing: ipv4Number(value),
        since: namedAt,
        until: endedAt,
        customerId: undefined,
      }))
      .filter(isIn);
    return { held, released, claimed: [] };
  }

  ofCustomer() {
    return { held: [], released: [], claimed: [] };
  }

  takenBy(addresses: readonly IpAddress[]): number[] {
    return addresses.flatMap((one) => numberOf(parseIpv4(one)));
  }

  isClaimed(address: number): boolean {
    return this.map.claims.holderOf({ kind: 'ipv4', address: formatIpv4(address) }) !== undefined;
  }

  /** A pool is filled as the servers are looked through. */
  claimedIn(): Iterable<number> {
    return [];
  }

  known(): KnownNumbers {
    return new KnownNumbers();
  }

  distinct(addresses: readonly number[]): readonly number[] {
    return [...new Set(addresses)];
  }
}

const numberOf = (address: Ipv4Address | undefined): number[] => (address === undefined ? [] : [ipv4Number(address)]);
