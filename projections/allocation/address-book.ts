import {
  type CustomerId,
  formatIpv4,
  type Ipv4Address,
  ipv4Number,
  parseIpv4,
  type PoolId,
} from '../../events/index.js';
import { addOnAddresses } from '../add-on-addresses.js';
import { endedAddressesOf } from '../formers.js';
import type { NetworkMap } from '../network-map.js';
import type { AddressOrder } from './address-orders.js';
import { DueTimes } from './due-times.js';
import { Ipv4Pool } from './ipv4-pool.js';
import { type PoolFigures, type PoolUse, useOf } from './pool-figures.js';

/** What a server has, or had, of addresses that lie in a pool. Times in ms since 1970. */
export interface ServerAddresses {
  readonly customerId: CustomerId | undefined;
  readonly held: readonly { readonly address: number; readonly since: number }[];
  readonly released: readonly { readonly address: number; readonly since: number; readonly until: number }[];
}

export interface Chosen {
  readonly address: Ipv4Address;
  readonly poolId: PoolId;
}

/**
 * Which addresses of which pools are free, kept up with a map. What it chooses follows from the map and the time alone, so
 * who reads the same log at the same time chooses the same.
 * Left out: network and broadcast addresses, reserved ones, those of gateways, those that any server claims, and for a while
 * those that a server gave back, but for that server and its customer.
 */
export class AddressBook {
  /** By pool id, the order in which they are used. */
  private pools: readonly Ipv4Pool[] = [];
  /** Of each switch the addresses of its gateway, and of each address how many switches have it. */
  private readonly gateways = new Map<string, readonly number[]>();
  private readonly gatewaysAt = new Map<number, number>();
  private readonly servers = new Map<string, ServerAddresses>();
  private readonly byCustomer = new Map<CustomerId, Set<string>>();
  /** Of each address that was given back: by which servers, and when. */
  private readonly released = new Map<number, Map<string, number>>();
  private cooling = new DueTimes<number>();
  private now = Number.NEGATIVE_INFINITY;

  /** @param coolDownMs how long an address that was given back is kept from others */
  constructor(
    private readonly map: NetworkMap,
    private readonly coolDownMs: number,
  ) {}

  /** Begins anew from the pools of the map. The answer goes through all servers, a few at a time; before its end nothing is right. */
  *rebuild(serversAStep = 2_000): Generator<void, void> {
    this.readPools();
    this.gateways.clear();
    this.gatewaysAt.clear();
    this.servers.clear();
    this.byCustomer.clear();
    this.released.clear();
    this.cooling = new DueTimes();
    let looked = 0;
    for (const serverId of this.map.assignments.keys()) {
      this.noteServer(serverId);
      if (++looked % serversAStep === 0) yield;
    }
    for (const switchName of this.map.gateways.keys()) this.noteGateway(switchName);
  }

  /** A server changed in the map. */
  noteServer(serverId: string): void {
    const [before, after] = [this.servers.get(serverId), this.read(serverId)];
    if (before === undefined && after === undefined) return;
    this.remember(serverId, before, after);
    const touched = new Set<number>();
    for (const one of [before, after])
      for (const { address } of [...(one?.held ?? []), ...(one?.released ?? [])]) touched.add(address);
    for (const address of touched) this.refresh(address);
  }

  /** The gateway of a switch changed in the map. */
  noteGateway(switchName: string): void {
    const before = this.gateways.get(switchName) ?? [];
    const declared = this.map.gateways.get(switchName)?.declaration.value?.addresses ?? [];
    const after = declared.flatMap((one) => numberOf(parseIpv4(one)));
    if (after.length === 0) this.gateways.delete(switchName);
    else this.gateways.set(switchName, after);
    for (const address of before) this.countGateway(address, -1);
    for (const address of after) this.countGateway(address, 1);
    for (const address of new Set([...before, ...after])) this.refresh(address);
  }

  /** The address for an order at a site; undefined where none is free for it. */
  choose(
    { serverId, customerId }: Pick<AddressOrder, 'serverId' | 'customerId'>,
    site: string,
    now: number,
  ): Chosen | undefined {
    this.passTime(now);
    const pools = this.poolsAt(site);
    for (const address of this.oldAddressesOf(serverId, customerId)) {
      const pool = pools.find((one) => one.contains(address));
      if (pool !== undefined && this.mayReturn(pool, address, serverId, customerId)) return chosen(pool, address);
    }
    for (const pool of pools) {
      const address = pool.next();
      if (address !== undefined) return chosen(pool, address);
    }
    return undefined;
  }

  /** True where somebody without a past could be given an address at this site. */
  hasFree(site: string, now: number): boolean {
    this.passTime(now);
    return this.poolsAt(site).some((pool) => pool.free.free > 0);
  }

  hasPool(site: string): boolean {
    return this.poolsAt(site).length > 0;
  }

  /** When the next address has cooled down, ms since 1970; undefined where none cools. */
  get nextCooled(): number | undefined {
    return this.cooling.next;
  }

  /** Each pool for IPv4 add-ons in the order of use, with its figures. */
  figures(now: number): PoolFigures[] {
    this.passTime(now);
    return this.pools.map((pool) => {
      const isCooling = (address: number): boolean => this.coolsUntil(address) > this.now;
      const use: PoolUse = { servers: this.servers.values(), isClaimed: (one) => this.isClaimed(one), isCooling };
      return useOf(pool, use, this.now);
    });
  }

  private poolsAt(site: string): readonly Ipv4Pool[] {
    return this.pools.filter(({ declared }) => declared.site === site);
  }

  private readPools(): void {
    const declared = [...this.map.pools.values()].flatMap(({ declaration: { value } }) => value ?? []);
    const inOrder = declared.sort((a, b) => (a.poolId < b.poolId ? -1 : 1));
    this.pools = inOrder.flatMap((one) => Ipv4Pool.of(one)?.takeKeptBack() ?? []);
  }

  private countGateway(address: number, change: number): void {
    const count = (this.gatewaysAt.get(address) ?? 0) + change;
    if (count === 0) this.gatewaysAt.delete(address);
    else this.gatewaysAt.set(address, count);
  }

  private read(serverId: string): ServerAddresses | undefined {
    const row = this.map.assignments.get(serverId);
    if (row === undefined) return undefined;
    const isIn = ({ address }: { readonly address: number }): boolean =>
      this.pools.some((one) => one.contains(address));
    const has = row.added === undefined ? [] : [...addOnAddresses(row)];
    const held = has.map(({ value, time }) => ({ address: ipv4Number(value), since: time })).filter(isIn);
    const released = endedAddressesOf(row)
      .map(({ value, namedAt, endedAt }) => ({ address: ipv4Number(value), since: namedAt, until: endedAt }))
      .filter((one) => isIn(one) && held.every(({ address }) => address !== one.address))
      .sort((a, b) => b.until - a.until || a.address - b.address);
    return held.length + released.length === 0 ? undefined : { customerId: row.customer?.value, held, released };
  }

  private remember(serverId: string, before: ServerAddresses | undefined, after: ServerAddresses | undefined): void {
    if (after === undefined) this.servers.delete(serverId);
    else this.servers.set(serverId, after);
    if (before?.customerId !== after?.customerId) {
      if (before?.customerId !== undefined) this.byCustomer.get(before.customerId)?.delete(serverId);
      if (after?.customerId !== undefined) entryOf(this.byCustomer, after.customerId, () => new Set()).add(serverId);
    }
    for (const { address } of before?.released ?? []) this.released.get(address)?.delete(serverId);
    for (const { address, until } of after?.released ?? []) {
      const by = entryOf(this.released, address, () => new Map<string, number>());
      by.set(serverId, Math.max(until, by.get(serverId) ?? until));
      this.cooling.add(until + this.coolDownMs, address);
    }
  }

  private refresh(address: number): void {
    const isTaken = this.isClaimed(address) || this.gatewaysAt.has(address) || this.coolsUntil(address) > this.now;
    for (const pool of this.pools)
      if (pool.contains(address)) pool.mark(address, !isTaken && !pool.isKeptBack(address));
  }

  /** What has cooled down by now is free; time never goes back. */
  passTime(now: number): void {
    this.now = Math.max(now, this.now);
    for (const address of this.cooling.takeDue(this.now)) this.refresh(address);
  }

  private isClaimed(address: number): boolean {
    return this.map.claims.holderOf({ kind: 'ipv4', address: formatIpv4(address) }) !== undefined;
  }

  private coolsUntil(address: number): number {
    const by = this.released.get(address);
    return by === undefined || by.size === 0 ? Number.NEGATIVE_INFINITY : Math.max(...by.values()) + this.coolDownMs;
  }

  /** What the server had, then what its customer's others had, each given back last first. */
  private *oldAddressesOf(serverId: string, customerId: CustomerId | undefined): Iterable<number> {
    for (const { address } of this.servers.get(serverId)?.released ?? []) yield address;
    const others = customerId === undefined ? [] : [...(this.byCustomer.get(customerId) ?? [])];
    const released = others.flatMap((id) => (id === serverId ? [] : (this.servers.get(id)?.released ?? [])));
    for (const { address } of released.sort((a, b) => b.until - a.until || a.address - b.address)) yield address;
  }

  /** Free, or cooling down and given back last by this server or another one of its customer. */
  private mayReturn(pool: Ipv4Pool, address: number, serverId: string, customerId: CustomerId | undefined): boolean {
    if (pool.isKeptBack(address) || this.gatewaysAt.has(address) || this.isClaimed(address)) return false;
    if (this.coolsUntil(address) <= this.now) return true;
    const by = [...(this.released.get(address) ?? [])];
    const last = Math.max(...by.map(([, until]) => until));
    return by.every(([id, until]) => until < last || id === serverId || this.isOf(id, customerId));
  }

  private isOf(serverId: string, customerId: CustomerId | undefined): boolean {
    return customerId !== undefined && this.servers.get(serverId)?.customerId === customerId;
  }
}

function chosen({ declared }: Ipv4Pool, address: number): Chosen {
  return { address: formatIpv4(address), poolId: declared.poolId };
}

const numberOf = (address: Ipv4Address | undefined): number[] => (address === undefined ? [] : [ipv4Number(address)]);

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
