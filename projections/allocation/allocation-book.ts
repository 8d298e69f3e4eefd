import type { CustomerId } from '../../events/index.js';
import type { NetworkMap } from '../network-map.js';
import { customersOf, lastFirst, whatIsLeft } from './belongings.js';
import { DueTimes } from './due-times.js';
import {
  type Asking,
  type Belongings,
  type Chosen,
  holderOfCustomer,
  type Kind,
  type OpenRange,
  type Released,
  type Served,
} from './kind.js';
import type { KnownThings } from './known-things.js';
import { type RangeUse, useOf } from './range-use.js';

/**
 * What is free of what is handed out, kept up with a map. What it chooses follows from the map and the time alone, so
 * who reads the same log at the same time chooses the same.
 * Left out: what is kept back, what gateways have, what anybody claims, and for a while what was given back, but for
 * who gave it back and its customer.
 */
export class AllocationBook<
  Thing extends number | string,
  Open extends OpenRange<Thing> = OpenRange<Thing>,
  Asked extends Served = Served,
> {
  /** Of each switch what its gateway has, and of each thing how many switches have it. */
  private readonly gateways = new Map<string, readonly Thing[]>();
  private readonly gatewaysAt = new Map<Thing, number>();
  private gatewayThings: KnownThings<Thing>;
  /** By server, and by customer. */
  private readonly holders = new Map<string, Belongings<Thing>>();
  private readonly byCustomer = new Map<CustomerId, Set<string>>();
  /** Of each thing that was given back: by whom, and when. */
  private readonly released = new Map<Thing, Map<string, Released<Thing>>>();
  private releasedThings: KnownThings<Thing>;
  private cooling = new DueTimes<Thing>();
  private now = Number.NEGATIVE_INFINITY;

  /** @param coolDownMs how long what was given back is kept from others */
  constructor(
    private readonly map: NetworkMap,
    private readonly kind: Kind<Thing, Open, Asked>,
    private readonly coolDownMs: number,
  ) {
    [this.gatewayThings, this.releasedThings] = [kind.known(), kind.known()];
  }

  /** Begins anew from the ranges of the map. The answer goes through all servers, a few at a time; before its end nothing is right. */
  *rebuild(holdersAStep = 2_000): Generator<void, void> {
    this.kind.reopen();
    for (const known of [this.gateways, this.gatewaysAt, this.holders, this.byCustomer, this.released]) known.clear();
    [this.gatewayThings, this.releasedThings] = [this.kind.known(), this.kind.known()];
    this.cooling = new DueTimes();
    let looked = 0;
    for (const serverId of this.map.assignments.keys()) {
      this.noteServer(serverId);
      if (++looked % holdersAStep === 0) yield;
    }
    for (const customerId of this.map.delegations.keys()) {
      this.noteCustomer(customerId);
      if (++looked % holdersAStep === 0) yield;
    }
    for (const switchName of this.map.gateways.keys()) this.noteGateway(switchName);
  }

  /** A server changed in the map. */
  noteServer(serverId: string): void {
    const row = this.map.assignments.get(serverId);
    const has = row === undefined ? undefined : { customerId: row.customer?.value, ...this.kind.ofServer(row) };
    this.note(serverId, has);
  }

  /** What a customer has changed in the map. */
  noteCustomer(customerId: string): void {
    const row = this.map.delegations.get(customerId);
    const has = row === undefined ? undefined : { customerId: undefined, ...this.kind.ofCustomer(row) };
    this.note(holderOfCustomer(customerId), has);
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
  choose(asking: Asking<Asked>, now: number): Chosen<Thing> | undefined {
    this.passTime(now);
    const ranges = this.kind.openFor(asking, (open) => this.fill(open));
    for (const thing of this.oldOf(asking)) {
      const found = ranges.find(({ range }) => range.overlaps(thing));
      if (found?.range.isUnit(thing) === true && this.mayReturn(found, found.range.unitOf(thing), asking))
        return { thing: found.range.unitOf(thing), poolId: found.poolId };
    }
    for (const { range, poolId } of ranges) {
      const thing = range.next();
      if (thing !== undefined) return { thing, poolId };
    }
    return undefined;
  }

  /** How many could be given to somebody without a past now; undefined where there is no range for them at all. */
  freeFor(asked: Asked, now: number): number | undefined {
    this.passTime(now);
    const ranges = this.kind.openFor(asked, (open) => this.fill(open));
    return ranges.length === 0 ? undefined : ranges.reduce((sum, { range }) => sum + range.free.free, 0);
  }

  /** When the next thing has cooled down, ms since 1970; undefined where none cools. */
  get nextCooled(): number | undefined {
    return this.cooling.next;
  }

  /** How full a range is. @param customerId where only the servers of this customer have anything of it */
  use(open: Open, now: number, customerId?: CustomerId): RangeUse {
    this.passTime(now);
    const ids = customerId === undefined ? this.holders.keys() : (this.byCustomer.get(customerId) ?? []);
    const holders = [...ids].flatMap((id) => this.holders.get(id) ?? []);
    const isCooling = (one: Released<Thing>): boolean => this.cools(one) && !this.kind.isClaimed(one.thing, open);
    const distinct = (things: readonly Thing[]): readonly Thing[] => this.kind.distinct(things);
    return useOf(open.range, { holders, isCooling, distinct }, this.now);
  }

  /** Marks in a range, or in one thing of it, what is not free; all of it is free before. */
  fill(open: Open, thing = open.range.all): void {
    if (thing === undefined) return;
    const { range } = open;
    for (const claimed of this.kind.claimedIn(thing, open)) range.mark(claimed, false);
    for (const known of this.gatewayThings.meeting(thing)) range.mark(known, false);
    for (const known of this.releasedThings.meeting(thing))
      if (this.releasesOf(known).some(([, one]) => this.cools(one))) range.mark(known, false);
  }

  /** What has cooled down by now is free; time never goes back. */
  passTime(now: number): void {
    this.now = Math.max(now, this.now);
    for (const thing of this.cooling.takeDue(this.now)) this.refresh(thing);
  }

  private note(holder: string, has: Belongings<Thing> | undefined): void {
    const [before, after] = [this.holders.get(holder), has && whatIsLeft(has)];
    if (before === undefined && after === undefined) return;
    this.remember(holder, before, after);
    const touched = new Set<Thing>();
    for (const one of [before, after]) {
      for (const { thing } of one?.held ?? []) touched.add(thing);
      for (const { thing } of one?.released ?? []) touched.add(thing);
      for (const thing of one?.claimed ?? []) touched.add(thing);
    }
    for (const thing of touched) this.refresh(thing);
  }

  private countGateway(thing: Thing, change: number): void {
    const count = (this.gatewaysAt.get(thing) ?? 0) + change;
    if (count === 0) this.gatewaysAt.delete(thing);
    else this.gatewaysAt.set(thing, count);
    if (count === 0) this.gatewayThings.remove(thing);
    else this.gatewayThings.add(thing);
  }

  private remember(holder: string, before?: Belongings<Thing>, after?: Belongings<Thing>): void {
    if (after === undefined) this.holders.delete(holder);
    else this.holders.set(holder, after);
    for (const one of customersOf(before)) this.byCustomer.get(one)?.delete(holder);
    for (const one of customersOf(after)) entryOf(this.byCustomer, one, () => new Set()).add(holder);
    for (const { thing } of before?.released ?? []) {
      const by = this.released.get(thing);
      by?.delete(holder);
      if (by?.size !== 0) continue;
      this.released.delete(thing);
      this.releasedThings.remove(thing);
    }
    // The latest ended first: what ended last says whose it was.
    for (const one of after?.released.toReversed() ?? []) {
      entryOf(this.released, one.thing, () => new Map<string, Released<Thing>>()).set(holder, one);
      this.releasedThings.add(one.thing);
      this.cooling.add(one.until + this.coolDownMs, one.thing);
    }
  }

  private refresh(thing: Thing): void {
    for (const open of this.kind.open()) {
      const { range } = open;
      if (!range.overlaps(thing)) continue;
      const unit = range.unitOf(thing);
      if (range.isUnit(unit)) range.mark(unit, !this.isTaken(unit, open));
      else this.refreshAll(unit, open);
    }
  }

  /** Of something that takes up more than one of a range, a part may be taken still. */
  private refreshAll(thing: Thing, open: Open): void {
    const isAllTaken = this.kind.isClaimed(thing, open);
    open.range.mark(thing, !isAllTaken);
    if (!isAllTaken) this.fill(open, thing);
  }

  private isTaken(unit: Thing, open: Open): boolean {
    return (
      this.kind.isClaimed(unit, open) ||
      this.gatewayThings.meeting(unit).length > 0 ||
      this.releasesMeeting(unit).some(([, one]) => this.cools(one))
    );
  }

  private cools({ until }: Released<Thing>): boolean {
    return until + this.coolDownMs > this.now;
  }

  private releasesMeeting(thing: Thing): ReleaseBy<Thing>[] {
    return this.releasedThings.meeting(thing).flatMap((one) => this.releasesOf(one));
  }

  private releasesOf(thing: Thing): ReleaseBy<Thing>[] {
    return [...(this.released.get(thing) ?? [])];
  }

  /** What the server or customer had, then what the customer's other servers had, each given back last first. */
  private *oldOf(asking: Asking): Iterable<Thing> {
    const { holder, customerId } = asking;
    const of = (id: string): readonly Released<Thing>[] =>
      (this.holders.get(id)?.released ?? []).filter((one) => this.isOf(id, one, asking));
    for (const one of of(holder)) yield one.thing;
    const others = customerId === undefined ? [] : [...(this.byCustomer.get(customerId) ?? [])];
    const released = others.flatMap((id) => (id === holder ? [] : of(id)));
    for (const one of released.sort(lastFirst)) yield one.thing;
  }

  /** Free, or cooling down from none but this server or customer, or another server of it. */
  private mayReturn(open: Open, unit: Thing, asking: Asking): boolean {
    const isOut = open.range.isKeptBack(unit) || this.gatewayThings.meeting(unit).length > 0;
    if (isOut || this.kind.isClaimed(unit, open)) return false;
    return this.releasesMeeting(unit).every(([by, one]) => !this.cools(one) || this.isOf(by, one, asking));
  }

  /** True for what this server gave back, or its customer. */
  private isOf(releasedBy: string, { customerId: owner }: Released<Thing>, { holder, customerId }: Asking): boolean {
    if (owner !== undefined) return owner === customerId;
    if (releasedBy === holder) return true;
    return customerId !== undefined && this.holders.get(releasedBy)?.customerId === customerId;
  }
}

type ReleaseBy<Thing> = readonly [holder: string, release: Released<Thing>];

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
