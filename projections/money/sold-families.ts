import type { AddOnId, CustomerId, OrderId } from '../../events/index.js';
import type { SaleFact } from './sale-facts.js';

/** Which families of addresses a server has. */
export type Families = 'v4-only' | 'dual' | 'v6-only' | 'none';

export function familiesOf(hasV4: boolean, hasV6: boolean): Families {
  if (hasV4) return hasV6 ? 'dual' : 'v4-only';
  return hasV6 ? 'v6-only' : 'none';
}

/**
 * What a server was sold at each of these moments, ascending; undefined where it was not sold. An add-on without an address gives no IPv4.
 * @param facts of the server, by (`time`, position)
 */
export function soldFamilies(facts: readonly SaleFact[], moments: readonly number[]): (Families | undefined)[] {
  const state = new Standing();
  let next = 0;
  return moments.map((at) => {
    for (let fact = facts[next]; fact !== undefined && fact.time <= at; fact = facts[++next]) state.take(fact);
    return state.families();
  });
}

class Standing {
  private isAdded = false;
  private readonly prefixes = new Set<string>();
  private readonly bought = new Map<AddOnId, boolean>();
  private readonly allocated = new Set<AddOnId>();
  private customer: CustomerId | undefined;
  private readonly orders = new Set<OrderId>();
  /** By order, for whom a prefix was chosen last. */
  private readonly chosenFor = new Map<OrderId, CustomerId>();

  take({ type, data }: SaleFact): void {
    if (type === 'ServerAdded') this.isAdded = true;
    if (type === 'ServerAdded' || type === 'ServerTransferred') this.customer = data.customerId;
    else if (type === 'Ipv6PrefixOrdered') this.orders.add(data.orderId);
    else if (type === 'Ipv6PrefixOrderCancelled') this.orders.delete(data.orderId);
    else if (type === 'Ipv6PrefixAllocated') this.chosenFor.set(data.orderId, data.customerId);
    else if (type === 'Ipv6PrefixAssigned') this.prefixes.add(data.prefix);
    else if (type === 'Ipv6PrefixReleased') this.prefixes.delete(data.prefix);
    else if (type === 'Ipv4AddOnBought') this.bought.set(data.addOnId, data.address !== undefined);
    else if (type === 'Ipv4AddressAllocated') this.allocated.add(data.addOnId);
    else if (type === 'Ipv4AddOnCancelled') this.bought.delete(data.addOnId);
    else if (type === 'ServerRemoved') {
      this.isAdded = false;
      for (const all of [this.prefixes, this.bought, this.allocated, this.orders, this.chosenFor]) all.clear();
    }
  }

  families(): Families | undefined {
    if (!this.isAdded) return undefined;
    const hasV4 = [...this.bought].some(([id, isNamed]) => isNamed || this.allocated.has(id));
    const hasOrdered = [...this.orders].some(
      (id) => this.customer !== undefined && this.chosenFor.get(id) === this.customer,
    );
    return familiesOf(hasV4, hasOrdered || this.prefixes.size > 0);
  }
}
