import type { AddOnId, CustomerId, OrderId, PortId, ServerId } from '../../events/index.js';
import type { Stamp } from '../register.js';
import { holderOfCustomer } from './kind.js';

/** Something that was sold without naming it, and has nothing that it can use. */
interface Sold {
  /** The sale: its ordinal is the place in line. Time in ms since 1970. */
  readonly bought: Stamp;
  /** The decision before: it is another's by a claim that stands earlier in the log, or was made for another customer, site or length. */
  readonly lost: Stamp | undefined;
}

interface SoldToServer extends Sold {
  readonly serverId: ServerId;
  readonly customerId: CustomerId | undefined;
  readonly port: PortId | undefined;
}

/** An add-on without an address. */
export interface AddressOrder extends SoldToServer {
  readonly product: 'ipv4';
  readonly addOnId: AddOnId;
}

/** An order of a /64 for a server. */
export interface ServerPrefixOrder extends SoldToServer {
  readonly product: 'ipv6';
  readonly orderId: OrderId;
}

/** An order of a prefix for a customer. */
export interface CustomerPrefixOrder extends Sold {
  readonly product: 'customer-prefix';
  readonly customerId: CustomerId;
  readonly orderId: OrderId;
  readonly site: string;
  readonly length: number;
}

export type AllocationOrder = AddressOrder | ServerPrefixOrder | CustomerPrefixOrder;

/** The server or customer that something was sold to, as allocation books name it. */
export function holderOf(order: AllocationOrder): string {
  return order.product === 'customer-prefix' ? holderOfCustomer(order.customerId) : order.serverId;
}

/** Where it was sold, and where the decision is written. */
export function streamOf(order: AllocationOrder): string {
  return order.product === 'customer-prefix' ? `customer-${order.customerId}` : `server-${order.serverId}`;
}

/** Billing's name for it, and whose it is: a part of a sentence. */
export function nameOf(order: AllocationOrder): string {
  if (order.product === 'customer-prefix') return `${order.orderId} of customer ${order.customerId}`;
  return `${order.product === 'ipv4' ? order.addOnId : order.orderId} of ${order.serverId}`;
}
