import type { CustomerId, IpAddress, PoolId } from '../../events/index.js';
import type { AssignmentRow } from '../assignments.projection.js';
import type { AllocationOrder } from './allocation-order.js';
import type { FreeNumbers } from './free-numbers.js';

/** What a server has, or had, and what it is counted as: an IPv4 address as a number, or a prefix. Times in ms since 1970. */
export interface Belongings<Thing> {
  readonly customerId: CustomerId | undefined;
  readonly held: readonly { readonly thing: Thing; readonly since: number }[];
  readonly released: readonly Released<Thing>[];
}

/** Something that a server gave back. */
export interface Released<Thing> {
  readonly thing: Thing;
  readonly since: number;
  readonly until: number;
  /** Whose it was, where that is known for itself; else it is its server's, and that server's customer's. */
  readonly customerId: CustomerId | undefined;
}

/** A range that things are handed out of: which of them are free. */
export interface NumberRange<Thing> {
  readonly free: FreeNumbers;
  readonly size: number;
  overlaps(thing: Thing): boolean;
  /** How many of the range it takes up. */
  count(thing: Thing): number;
  /** Never handed out, whoever has it or not. */
  isKeptBack(thing: Thing): boolean;
  /** What is kept back is never free. */
  mark(thing: Thing, isFree: boolean): void;
  /** The lowest free one; undefined where there is none. */
  next(): Thing | undefined;
}

export interface OpenRange<Thing> {
  readonly range: NumberRange<Thing>;
  /** Undefined for a prefix of a customer. */
  readonly poolId: PoolId | undefined;
}

/** For which customer something is chosen, and at which site: what says out of which ranges. */
export type Served = Pick<AllocationOrder, 'customerId'> & { readonly site: string };

/** For whom something is chosen. */
export type Asking = Served & Pick<AllocationOrder, 'serverId'>;

export interface Chosen<Thing> {
  readonly thing: Thing;
  readonly poolId: PoolId | undefined;
}

/** What is different between addresses and prefixes. */
export interface Kind<Thing> {
  /** Reads the ranges of the map anew. */
  reopen(): void;
  /** All that are open. */
  open(): Iterable<OpenRange<Thing>>;
  /** Those that an order may be served from, in the order of use; one that is opened for it is filled first. */
  openFor(served: Served, fill: (range: NumberRange<Thing>) => void): readonly OpenRange<Thing>[];
  /** What a server has and had that may lie in a range. */
  belongingsOf(row: AssignmentRow): Omit<Belongings<Thing>, 'customerId'>;
  /** What a gateway's addresses take up. */
  takenBy(addresses: readonly IpAddress[]): Thing[];
  /** True while anybody claims it, or a part of it. */
  isClaimed(thing: Thing): boolean;
  /** True where it is a single one of what is handed out. */
  isWhole(thing: Thing): boolean;
  /** The thing and all around it. @param has whether a thing is known */
  around(thing: Thing, has: (thing: Thing) => boolean): readonly Thing[];
  /** What is claimed within a thing that is not whole, or a range. */
  claimedIn(range: NumberRange<Thing>): Iterable<Thing>;
  /** Those that lie in no other of them, each once. */
  distinct(things: readonly Thing[]): readonly Thing[];
}
