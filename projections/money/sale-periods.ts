import type { AddOnId, Currency, CustomerId, Ipv4Address, ServerId } from '../../events/index.js';
import type { Stamp } from '../register.js';
import { knownBy, type SaleFact } from './sale-facts.js';

/** Why a stretch begins or ends there, and the event that made it so. */
export interface Turn {
  readonly why:
    | 'bought'
    | 'allocated'
    | 'added'
    | 'transferred'
    | 'restated'
    | 'cancelled'
    | 'removed'
    | 'price-changed'
    | 'address-freed'
    | 'month';
  /** Id of the event; absent where only the month begins or ends. */
  readonly event?: string;
}

/** What an add-on is to somebody, the same throughout a stretch. */
export interface Sold {
  readonly customerId: CustomerId;
  /** Undefined while the add-on waits for one. */
  readonly address: Ipv4Address | undefined;
  readonly currency: Currency | undefined;
  readonly monthlyPriceMinor: number | undefined;
}

/** A stretch [from, to) of valid time in which an add-on is sold, ms since 1970; `to` is infinite where nothing has ended it. */
export interface SalePeriod extends Sold {
  readonly serverId: ServerId;
  readonly addOnId: AddOnId;
  readonly from: number;
  readonly to: number;
  readonly began: Turn;
  readonly ended: Turn | undefined;
  /** Id of the Ipv4AddOnBought in force. */
  readonly boughtBy: string;
  /** Since when this add-on has had this address without a break: who is first in line for it. */
  readonly since: Stamp;
}

type Allocated = Extract<SaleFact, { type: 'Ipv4AddressAllocated' }>;
type Bought = Extract<SaleFact, { type: 'Ipv4AddOnBought' }>;

/**
 * The stretches of the add-ons of one server, as its facts up to an ordinal tell them. At any moment of them the map as of that
 * moment (`--at`) shows the same add-ons: the later (`time`, position) wins, and a removal voids what is earlier.
 */
export function salePeriods(serverId: ServerId, facts: readonly SaleFact[], ordinal: number): SalePeriod[] {
  const timeline = new Timeline(serverId);
  for (const fact of knownBy(facts, ordinal)) timeline.take(fact);
  return timeline.all();
}

class Timeline {
  private isAdded = false;
  private customerId: CustomerId | undefined;
  private readonly bought = new Map<AddOnId, Bought>();
  /** What was chosen for an add-on whose purchase names no address; see `addressOf` of the map. */
  private readonly allocated = new Map<AddOnId, Allocated>();
  private readonly open = new Map<AddOnId, SalePeriod>();
  private readonly closed: SalePeriod[] = [];

  constructor(private readonly serverId: ServerId) {}

  /** Takes the next fact by (`time`, position). */
  take(fact: SaleFact): void {
    const before = 'addOnId' in fact.data ? [fact.data.addOnId] : [...this.bought.keys()];
    this.write(fact);
    for (const id of before) this.turn(id, fact);
  }

  all(): SalePeriod[] {
    return [...this.closed, ...this.open.values()].filter(({ from, to }) => from < to);
  }

  private write(fact: SaleFact): void {
    if (fact.type === 'ServerAdded') {
      this.isAdded = true;
      this.customerId = fact.data.customerId;
    } else if (fact.type === 'ServerTransferred') this.customerId = fact.data.customerId;
    else if (fact.type === 'Ipv4AddOnBought') this.bought.set(fact.data.addOnId, fact);
    else if (fact.type === 'Ipv4AddressAllocated') this.allocated.set(fact.data.addOnId, fact);
    else if (fact.type === 'Ipv4AddOnCancelled') this.bought.delete(fact.data.addOnId);
    else if (fact.type === 'ServerRemoved') {
      this.isAdded = false;
      this.customerId = undefined;
      this.bought.clear();
      this.allocated.clear();
    }
  }

  /** Ends the stretch of an add-on where this fact says otherwise of it, and begins the next. */
  private turn(addOnId: AddOnId, fact: SaleFact): void {
    const before = this.open.get(addOnId);
    const now = this.sold(addOnId);
    if (before !== undefined && now !== undefined && isSame(before, now)) return;
    if (before === undefined && now === undefined) return;
    const turn: Turn = { why: whyOf(fact, before), event: fact.id };
    this.open.delete(addOnId);
    if (before !== undefined) this.closed.push({ ...before, to: fact.time, ended: turn });
    const purchase = this.bought.get(addOnId);
    if (now === undefined || purchase === undefined) return;
    const { time, ordinal } = fact;
    const since = before?.address === now.address && before !== undefined ? before.since : { time, ordinal };
    const names = { serverId: this.serverId, addOnId, boughtBy: purchase.id };
    this.open.set(addOnId, { ...names, ...now, from: time, to: Infinity, began: turn, ended: undefined, since });
  }

  private sold(addOnId: AddOnId): Sold | undefined {
    const purchase = this.bought.get(addOnId);
    if (purchase === undefined || !this.isAdded || this.customerId === undefined) return undefined;
    const { currency, monthlyPriceMinor, address = this.allocated.get(addOnId)?.data.address } = purchase.data;
    return { customerId: this.customerId, address, currency, monthlyPriceMinor };
  }
}

function isSame(a: Sold, b: Sold): boolean {
  return (
    a.customerId === b.customerId &&
    a.address === b.address &&
    a.currency === b.currency &&
    a.monthlyPriceMinor === b.monthlyPriceMinor
  );
}

function whyOf({ type }: SaleFact, before: SalePeriod | undefined): Turn['why'] {
  if (type === 'ServerRemoved') return 'removed';
  if (type === 'Ipv4AddOnCancelled') return 'cancelled';
  if (type === 'Ipv4AddressAllocated') return 'allocated';
  if (type === 'Ipv4AddOnBought') return before === undefined ? 'bought' : 'restated';
  return before === undefined ? 'added' : 'transferred';
}
