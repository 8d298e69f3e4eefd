import type { AddOnId, CustomerId, OrderId, PortId, ServerId } from '../../events/index.js';
import type { Stamp } from '../register.js';

/** What is ordered without naming it: an address for an add-on, or a /64. */
export type Ordered =
  { readonly product: 'ipv4'; readonly addOnId: AddOnId } | { readonly product: 'ipv6'; readonly orderId: OrderId };

/** Something that was sold without naming it, and has nothing that it can use. */
export type AllocationOrder = Ordered & {
  readonly serverId: ServerId;
  /** The sale: its ordinal is the place in line. Time in ms since 1970. */
  readonly bought: Stamp;
  /** The decision before: it is another's by a claim that stands earlier in the log, or was made for another customer. */
  readonly lost: Stamp | undefined;
  readonly customerId: CustomerId | undefined;
  readonly port: PortId | undefined;
};

/** Billing's name for it. */
export function nameOf(order: Ordered): AddOnId | OrderId {
  return order.product === 'ipv4' ? order.addOnId : order.orderId;
}
