import type { PortId } from '../../events/index.js';
import type { AllocationOrder } from '../../projections/index.js';

/** An order that waits, and why. */
export interface Waiting {
  /** Whose add-on or order it is; absent of an order of a customer. */
  readonly serverId?: string;
  /** Of an order of a customer that waits for a prefix. */
  readonly customerId?: string;
  /** Of an add-on that waits for an address. */
  readonly addOnId?: string;
  /** Of an order that waits for a /64, or for the prefix of a customer. */
  readonly orderId?: string;
  /** Ms since 1970. */
  readonly boughtAt: number;
  /** One sentence part for a person. */
  readonly reason: string;
}

/** The orders that are not served yet, in the order of the log: that of their purchases. */
export class LineOfOrders {
  private readonly byHolder = new Map<string, readonly AllocationOrder[]>();
  private readonly byOrdinal = new Map<number, AllocationOrder>();
  private readonly reasons = new Map<number, string>();
  /** The ordinals in order, and among them such of orders that were served meanwhile. */
  private ordinals: number[] = [];

  get size(): number {
    return this.byOrdinal.size;
  }

  /** What a server, or a customer, orders now; true where it orders anything. */
  set(holder: string, orders: readonly AllocationOrder[]): boolean {
    const before = this.byHolder.get(holder) ?? [];
    if (before.length + orders.length === 0) return false;
    for (const { bought } of before) this.byOrdinal.delete(bought.ordinal);
    for (const order of orders) this.place(order);
    for (const { bought } of before) if (!this.byOrdinal.has(bought.ordinal)) this.reasons.delete(bought.ordinal);
    if (orders.length === 0) this.byHolder.delete(holder);
    else this.byHolder.set(holder, orders);
    return orders.length > 0;
  }

  /** True while this very order waits: nothing about it changed. */
  has(order: AllocationOrder): boolean {
    const now = this.byOrdinal.get(order.bought.ordinal);
    if (now === undefined || now.lost?.ordinal !== order.lost?.ordinal) return false;
    return now.customerId === order.customerId && portOf(now) === portOf(order);
  }

  /** The first order behind a place in the log. */
  next(after: number): AllocationOrder | undefined {
    for (let index = this.indexOf(after + 1); index < this.ordinals.length; index++) {
      const order = this.byOrdinal.get(this.ordinals[index] ?? -1);
      if (order !== undefined) return order;
    }
    return undefined;
  }

  waitsBecause({ bought }: AllocationOrder, reason: string): void {
    this.reasons.set(bought.ordinal, reason);
  }

  *orders(): Iterable<AllocationOrder> {
    for (let order = this.next(-1); order !== undefined; order = this.next(order.bought.ordinal)) yield order;
  }

  waiting(): Waiting[] {
    return [...this.orders()].map((order) => ({
      ...namesOf(order),
      boughtAt: order.bought.time,
      reason: this.reasons.get(order.bought.ordinal) ?? 'it is looked at next',
    }));
  }

  private place(order: AllocationOrder): void {
    const { ordinal } = order.bought;
    this.byOrdinal.set(ordinal, order);
    const index = this.indexOf(ordinal);
    if (this.ordinals[index] !== ordinal) this.ordinals.splice(index, 0, ordinal);
    if (this.ordinals.length < 2 * this.byOrdinal.size + 1_000) return;
    this.ordinals = this.ordinals.filter((one) => this.byOrdinal.has(one));
  }

  /** Of the first ordinal that is not below this one. */
  private indexOf(ordinal: number): number {
    let [low, high] = [0, this.ordinals.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ordinals[middle] ?? 0) < ordinal) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function namesOf(order: AllocationOrder): Pick<Waiting, 'serverId' | 'customerId' | 'addOnId' | 'orderId'> {
  if (order.product === 'customer-prefix') return { customerId: order.customerId, orderId: order.orderId };
  const { serverId } = order;
  return order.product === 'ipv4' ? { serverId, addOnId: order.addOnId } : { serverId, orderId: order.orderId };
}

function portOf(order: AllocationOrder): PortId | undefined {
  return order.product === 'customer-prefix' ? undefined : order.port;
}
