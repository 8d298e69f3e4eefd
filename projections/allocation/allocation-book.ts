import type { CustomerId } from '../../events/index.js';
import type { NetworkMap } from '../network-map.js';
import { DueTimes } from './due-times.js';
import type { Asking, Belongings, Chosen, Kind, NumberRange, Released, Served } from './kind.js';
import { type RangeUse, useOf } from './range-use.js';

/**
 * What is free of what is handed out, kept up with a map. What it chooses follows from the map and the time alone, so
 * who reads the same log at the same time chooses the same.
 * Left out: what is kept back, what gateways have, what any server claims, and for a while what a server gave back, but for
 * that server and its customer.
 */
export class AllocationBook<Thing extends number | string> {
  /** Of each switch what its gateway has, and of each thing how many switches have it. */
  private readonly gateways = new Map<string, readonly Thing[]>();
  private readonly gatewaysAt = new Map<Thing, number>();
  private readonly servers = new Map<string, Belongings<Thing>>();
  private readonly byCustomer = new Map<CustomerId, Set<string>>();
  /** Of each thing that was given back: by which servers, and when. */
  private readonly released = new Map<Thing, Map<string, Released<Thing>>>();
  private cooling = new DueTimes<Thing>();
  private now = Number.NEGATIVE_INFINITY;

  /** @param coolDownMs how long what was given back is kept from others */
  constructor(
    private readonly map: NetworkMap,
    private readonly kind: Kind<Thing>,
    private readonly coolDownMs: number,
  ) {}

  /** Begins anew from the ranges of the map. The answer goes through all servers, a few at a time; before its end nothing is right. */
  *rebuild(serversAStep = 2_000): Generator<void, void> {
    this.kind.reopen();
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
    const touched = new Set<Thing>();
    for (const one of [before, after])
      for (const { thing } of [...(one?.held ?? []), ...(one?.released ?? [])]) touched.add(thing);
    for (const thing of touched) this.refresh(thing);
  }

  /** The gateway of a switch changed in the map. */
  noteGateway(switchName: string): void {
    const before = this.gateways.get(switchName) ?? [];
    const after = this.kind.takenBy(this.map.gateways.get(switchName)?.declaration.value?.addresses ?? []);
    if (after.length === 0) this.gateways.delete(switchName);
    else this.gateways.set(switchName, after);
    for (const thing of before) this.countGateway(thing, -1);
    for (const thing of after) this.countGateway(thing, 1);
    for (const thing of new Set([...before, ...after])) this.refresh(thing);
  }

  /** What an order gets; undefined where nothing is free for it. */
  choose(asking: Asking, now: number): Chosen<Thing> | undefined {
    this.passTime(now);
    const ranges = this.kind.openFor(asking, (range) => this.fill(range));
    for (const thing of this.oldOf(asking)) {
      const found = ranges.find(({ range }) => range.overlaps(thing));
      if (found !== undefined && this.mayReturn(found.range, thing, asking)) return { thing, poolId: found.poolId };
    }
    for (const { range, poolId } of ranges) {
      const thing = range.next();
      if (thing !== undefined) return { thing, poolId };
    }
    return undefined;
  }

  /** How many could be given to somebody without a past now; undefined where there is no range for them at all. */
  freeFor(served: Served, now: number): number | undefined {
    this.passTime(now);
    const ranges = this.kind.openFor(served, (range) => this.fill(range));
    return ranges.length === 0 ? undefined : ranges.reduce((sum, { range }) => sum + range.free.free, 0);
  }

  /** When the next thing has cooled down, ms since 1970; undefined where none cools. */
  get nextCooled(): number | undefined {
    return this.cooling.next;
  }

  /** How full a range is. @param customerId where only the servers of this customer have anything of it */
  use(range: NumberRange<Thing>, now: number, customerId?: CustomerId): RangeUse {
    this.passTime(now);
    const ids = customerId === undefined ? this.servers.keys() : (this.byCustomer.get(customerId) ?? []);
    const servers = [...ids].flatMap((id) => this.servers.get(id) ?? []);
    const isCooling = (thing: Thing): boolean => !this.isClaimed(thing) && this.coolsUntil(thing) > this.now;
    const distinct = (things: readonly Thing[]): readonly Thing[] => this.kind.distinct(things);
    return useOf(range, { servers, isCooling, distinct }, this.now);
  }

  /** What a range that is opened for an order or for its figures has taken. */
  fill(range: NumberRange<Thing>): void {
    for (const thing of this.kind.claimedIn(range)) range.mark(thing, false);
    for (const known of [this.gatewaysAt, this.released])
      for (const thing of known.keys()) if (range.overlaps(thing) && this.isTaken(thing)) range.mark(thing, false);
  }

  /** What has cooled down by now is free; time never goes back. */
  passTime(now: number): void {
    this.now = Math.max(now, this.now);
    for (const thing of this.cooling.takeDue(this.now)) this.refresh(thing);
  }

  private countGateway(thing: Thing, change: number): void {
    const count = (this.gatewaysAt.get(thing) ?? 0) + change;
    if (count === 0) this.gatewaysAt.delete(thing);
    else this.gatewaysAt.set(thing, count);
  }

  private read(serverId: string): Belongings<Thing> | undefined {
    const row = this.map.assignments.get(serverId);
    if (row === undefined) return undefined;
    const { held, released } = this.kind.belongingsOf(row);
    const ended = released
      .filter((one) => held.every(({ thing }) => thing !== one.thing))
      .sort((a, b) => b.until - a.until || (a.thing < b.thing ? -1 : 1));
    if (held.length + ended.length === 0) return undefined;
    return { customerId: row.customer?.value, held, released: ended };
  }

  private remember(serverId: string, before?: Belongings<Thing>, after?: Belongings<Thing>): void {
    if (after === undefined) this.servers.delete(serverId);
    else this.servers.set(serverId, after);
    for (const one of customersOf(before)) this.byCustomer.get(one)?.delete(serverId);
    for (const one of customersOf(after)) entryOf(this.byCustomer, one, () => new Set()).add(serverId);
    for (const { thing } of before?.released ?? []) {
      const by = this.released.get(thing);
      by?.delete(serverId);
      if (by?.size === 0) this.released.delete(thing);
    }
    // The latest ended first: what ended last says whose it was.
    for (const one of after?.released.toReversed() ?? []) {
      entryOf(this.released, one.thing, () => new Map<string, Released<Thing>>()).set(serverId, one);
      this.cooling.add(one.until + this.coolDownMs, one.thing);
    }
  }

  private refresh(thing: Thing): void {
    for (const { range } of this.kind.open()) {
      if (!range.overlaps(thing)) continue;
      range.mark(thing, !this.isTaken(thing));
      // Something smaller in it may be taken still.
      if (!this.kind.isWhole(thing)) this.fill(range);
    }
  }

  private isTaken(thing: Thing): boolean {
    const isKnown = (one: Thing): boolean => this.gatewaysAt.has(one);
    return (
      this.kind.isClaimed(thing) || this.kind.around(thing, isKnown).some(isKnown) || this.coolsUntil(thing) > this.now
    );
  }

  private isClaimed(thing: Thing): boolean {
    return this.kind.isClaimed(thing);
  }

  private releasesOf(thing: Thing): readonly (readonly [serverId: string, release: Released<Thing>])[] {
    const around = this.kind.around(thing, (one) => this.released.has(one));
    return around.flatMap((one) => [...(this.released.get(one) ?? [])]);
  }

  private coolsUntil(thing: Thing): number {
    const ends = this.releasesOf(thing).map(([, { until }]) => until);
    return ends.length === 0 ? Number.NEGATIVE_INFINITY : Math.max(...ends) + this.coolDownMs;
  }

  /** What the server had, then what its customer's others had, each given back last first. */
  private *oldOf(asking: Asking): Iterable<Thing> {
    const { serverId, customerId } = asking;
    const ofServer = (id: string): readonly Released<Thing>[] =>
      (this.servers.get(id)?.released ?? []).filter(
        (one) => this.kind.isWhole(one.thing) && this.isOf(id, one, asking),
      );
    for (const one of ofServer(serverId)) yield one.thing;
    const others = customerId === undefined ? [] : [...(this.byCustomer.get(customerId) ?? [])];
    const released = others.flatMap((id) => (id === serverId ? [] : ofServer(id)));
    for (const one of released.sort((a, b) => b.until - a.until || (a.thing < b.thing ? -1 : 1))) yield one.thing;
  }

  /** Free, or cooling down and given back last by this server or another one of its customer. */
  private mayReturn(range: NumberRange<Thing>, thing: Thing, asking: Asking): boolean {
    const isKnown = (one: Thing): boolean => this.gatewaysAt.has(one);
    if (range.isKeptBack(thing) || this.kind.around(thing, isKnown).some(isKnown) || this.isClaimed(thing))
      return false;
    if (this.coolsUntil(thing) <= this.now) return true;
    const by = this.releasesOf(thing);
    const last = Math.max(...by.map(([, { until }]) => until));
    return by.every(([id, one]) => one.until < last || this.isOf(id, one, asking));
  }

  /** True for what this server gave back, or its customer. */
  private isOf(releasedBy: string, { customerId: owner }: Released<Thing>, { serverId, customerId }: Asking): boolean {
    if (owner !== undefined) return owner === customerId;
    if (releasedBy === serverId) return true;
    return customerId !== undefined && this.servers.get(releasedBy)?.customerId === customerId;
  }
}

function customersOf<Thing>(one: Belongings<Thing> | undefined): ReadonlySet<CustomerId> {
  const all = [one?.customerId, ...(one?.released ?? []).map(({ customerId }) => customerId)];
  return new Set(all.flatMap((customerId) => customerId ?? []));
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
