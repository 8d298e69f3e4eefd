import { type AllocationOrder, nameOf } from '../../projections/index.js';
import type { Shortage } from './stock.js';

export interface AllocationAlerts {
  raise(code: string, key: string, detail: string): void;
  clear(code: string, key: string): void;
}

/** An order that waits for want of something. */
export interface Wanting {
  readonly order: AllocationOrder;
  readonly shortage: Shortage;
}

/** Tells once for all orders that wait for want of the same, until none does. */
export class ShortageAlerts {
  private readonly standing = new Map<string, Shortage>();

  constructor(private readonly alerts: AllocationAlerts) {}

  get areStanding(): boolean {
    return this.standing.size > 0;
  }

  /** @param all every order that waits for want of something, the oldest first @param why it waits, one sentence part */
  tell(all: Iterable<Wanting>, why: (order: AllocationOrder) => string): void {
    const alike = new Map<string, Wanting & { more: number }>();
    for (const one of all) {
      const name = `${one.shortage.code} ${one.shortage.key}`;
      const known = alike.get(name);
      if (known === undefined) alike.set(name, { ...one, more: 0 });
      else known.more++;
    }
    for (const [name, { code, key }] of this.standing) if (!alike.has(name)) this.alerts.clear(code, key);
    this.standing.clear();
    for (const [name, { shortage, order, more }] of alike) {
      this.standing.set(name, shortage);
      const wait = more === 0 ? 'waits' : `and ${more} more wait`;
      this.alerts.raise(shortage.code, shortage.key, `${nameOf(order)} ${wait}: ${why(order)}. ${shortage.cure}.`);
    }
  }
}
