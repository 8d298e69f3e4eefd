import {
  type AddressPoolAdded,
  type CustomerId,
  type EventData,
  type Ipv6Prefix,
  type SwitchName,
  switchOf,
} from '../../events/index.js';
import type {
  AddressOrder,
  AllocationBook,
  AllocationOrder,
  Asking,
  OpenRange,
  RangeUse,
  ServerPrefixOrder,
} from '../../projections/index.js';

/** How full a pool is. */
export interface PoolFigures extends RangeUse {
  readonly pool: AddressPoolAdded;
  /** Of a pool that prefixes are taken out of: their length as they are counted. */
  readonly countedLength?: number;
}

/** How full a prefix of a customer is. */
export interface DelegationFigures extends RangeUse {
  readonly customerId: CustomerId;
  readonly prefix: Ipv6Prefix;
  /** The customer whose delegation stands before it in the log: nothing is taken out of this one. */
  readonly heldBy: CustomerId | undefined;
}

type AllocatedType = 'Ipv4AddressAllocated' | 'Ipv6PrefixAllocated' | 'CustomerPrefixAllocated';
/** What was chosen for an order, as the event that says so. */
export type Choice = {
  [Type in AllocatedType]: { readonly type: Type; readonly data: EventData<Type> };
}[AllocatedType];

/** Orders wait for want of something: whom somebody is told of it about, and what helps. */
export interface Shortage {
  readonly code: 'ipv4-pool-empty' | 'ipv6-prefix-empty' | 'customer-prefix-empty';
  /** Alike for all orders that the same remedy would serve. */
  readonly key: string;
  readonly cure: string;
}

/** What is free, kept up with the map by whoever hears of its changes. */
export type StockBook = Pick<
  AllocationBook<number | string, OpenRange<number | string>>,
  'rebuild' | 'noteServer' | 'noteCustomer' | 'noteGateway' | 'passTime' | 'nextCooled'
>;

/** What the orders of one product are served from. */
export interface Stock<Order extends AllocationOrder = AllocationOrder> {
  readonly book: StockBook;
  /** Of a server, those that have nothing. */
  ordersOfServer(serverId: string): readonly Order[];
  /** Of a customer, beside those of its servers, those that have nothing. */
  ordersOfCustomer(customerId: string): readonly Order[];
  /** True where what changed in the map needs a new beginning. */
  noteTable(table: string): boolean;
  /** Undefined where nothing is free for the order. */
  choose(order: Order, now: number): Choice | undefined;
  /** Why nothing is free, one sentence part for a person. */
  whyNone(order: Order, now: number): string;
  /** Undefined where the order waits for something else. */
  shortage(order: Order, now: number): Shortage | undefined;
  /** Why nothing is sold just now: orders wait, but for those that lost what they had. Undefined while it is sold. */
  readonly notSold: string | undefined;
  pools(now: number): PoolFigures[];
}

/** The site of a switch. */
export type SiteOf = (switchName: SwitchName) => string;

/** For whom something is chosen for a server, and where: at the site of its switch. */
export function askingOfServer(
  { serverId, customerId, port }: AddressOrder | ServerPrefixOrder,
  siteOf: SiteOf,
): Asking {
  return { holder: serverId, customerId, site: port === undefined ? 'default' : siteOf(switchOf(port)) };
}
