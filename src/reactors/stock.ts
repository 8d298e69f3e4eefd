import type { AddressPoolAdded, CustomerId, EventData, Ipv6Prefix } from '../../events/index.js';
import type { AllocationBook, AllocationOrder, Asking, RangeUse } from '../../projections/index.js';

/** How full a pool is. */
export interface PoolFigures extends RangeUse {
  readonly pool: AddressPoolAdded;
}

/** How full a prefix of a customer is. */
export interface DelegationFigures extends RangeUse {
  readonly customerId: CustomerId;
  readonly prefix: Ipv6Prefix;
  /** The customer whose delegation stands before it in the log: nothing is taken out of this one. */
  readonly heldBy: CustomerId | undefined;
}

/** What was chosen for an order, as the event that says so. */
export type Choice =
  | { readonly type: 'Ipv4AddressAllocated'; readonly data: EventData<'Ipv4AddressAllocated'> }
  | { readonly type: 'Ipv6PrefixAllocated'; readonly data: EventData<'Ipv6PrefixAllocated'> };

/** Orders wait for want of something: whom somebody is told of it about, and what helps. */
export interface Shortage {
  readonly code: 'ipv4-pool-empty' | 'ipv6-prefix-empty';
  /** Alike for all orders that the same remedy would serve. */
  readonly key: string;
  readonly cure: string;
}

/** What is free, kept up with the map by whoever hears of its changes. */
export type StockBook = Pick<
  AllocationBook<number | string>,
  'rebuild' | 'noteServer' | 'noteGateway' | 'passTime' | 'nextCooled'
>;

/** What the orders of one product are served from. */
export interface Stock {
  readonly book: StockBook;
  /** Of a server, those that have nothing. */
  ordersOf(serverId: string): AllocationOrder[];
  /** True where what changed in the map needs a new beginning. */
  noteTable(table: string): boolean;
  /** Undefined where nothing is free for the order. */
  choose(order: AllocationOrder, asking: Asking, now: number): Choice | undefined;
  /** Why nothing is free, one sentence part for a person. */
  whyNone(asking: Asking, now: number): string;
  /** Undefined where the order waits for something else. */
  shortage(asking: Asking, now: number): Shortage | undefined;
  /** Why nothing is sold just now: orders wait, but for those that lost what they had. Undefined while it is sold. */
  readonly notSold: string | undefined;
  pools(now: number): PoolFigures[];
}
