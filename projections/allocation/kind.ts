import type { CustomerId, IpAddress, PoolId } from '../../events/index.js';
import type { AssignmentRow } from '../assignments.projection.js';
import type { DelegationRow } from '../delegations.projection.js';
import type { FreeNumbers } from './free-numbers.js';
import type { KnownThings } from './known-things.js';

/** What a server or a customer has, or had: IPv4 addresses as numbers, or prefixes. Times in ms since 1970. */
export interface Belongings<Thing> {
  /** Of a server: whose it is. */
  readonly customerId: CustomerId | undefined;
  readonly held: readonly { readonly thing: Thing; readonly since: number }[];
  readonly released: readonly Released<Thing>[];
  /** Claimed beside that: not free, and not counted as held. */
  readonly claimed: readonly Thing[];
}

/** Something that was given back. */
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
  /** All of it as one thing; undefined where nothing is that wide. */
  readonly all: Thing | undefined;
  overlaps(thing: Thing): boolean;
  /** The single one that is handed out with the thing in it; the thing itself where it takes up one or more. */
  unitOf(thing: Thing): Thing;
  /** True where the thing takes up one of the range, or less. */
  isUnit(thing: Thing): boolean;
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

/** Marks in a range that is opened what is not free of it. */
export type Fill<Open> = (open: Open) => void;

/** For which customer something is chosen, and at which site: what says out of which ranges. */
export interface Served {
  readonly customerId: CustomerId | undefined;
  readonly site: string;
}

/** For whom something is chosen. */
export type Asking<Asked extends Served = Served> = Asked & {
  /** The server, or the customer by `holderOfCustomer`. */
  readonly holder: string;
};

/** A customer among servers: no id has a space. */
export const holderOfCustomer = (customerId: string): string => `customer ${customerId}`;

export interface Chosen<Thing> {
  readonly thing: Thing;
  readonly poolId: PoolId | undefined;
}

/** What is different between addresses of servers, prefixes of servers and prefixes of customers. */
export interface Kind<Thing, Open extends OpenRange<Thing> = OpenRange<Thing>, Asked extends Served = Served> {
  /** Reads the ranges of the map anew. */
  reopen(): void;
  /** All that are open. */
  open(): Iterable<Open>;
  /** Those that an order may be served from, in the order of use; one that is opened for it is filled first. */
  openFor(asked: Asked, fill: Fill<Open>): readonly Open[];
  /** What a server has and had that may lie in a range. */
  ofServer(row: AssignmentRow): Omit<Belongings<Thing>, 'customerId'>;
  /** What a customer has and had that may lie in a range, beside its servers. */
  ofCustomer(row: DelegationRow): Omit<Belongings<Thing>, 'customerId'>;
  /** What a gateway's addresses take up. */
  takenBy(addresses: readonly IpAddress[]): Thing[];
  /** True while anybody claims it, or claims a part of a single one of the range. */
  isClaimed(thing: Thing, of: Open): boolean;
  /** What is claimed within a thing that takes up more than one of the range. */
  claimedIn(thing: Thing, of: Open): Iterable<Thing>;
  /** An empty list of things that finds them by what they share an address with. */
  known(): KnownThings<Thing>;
  /** Those that lie in no other of them, each once. */
  distinct(things: readonly Thing[]): readonly Thing[];
}
