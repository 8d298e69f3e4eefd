import type { AddOnId, Currency, CustomerId, Ipv4Address, ServerId } from '../../events/index.js';
import { billedParts, type Part } from './billed-parts.js';
import type { Month } from './month.js';
import { proRata } from './pro-rata.js';
import { type Price, RateCard } from './rate-card.js';
import type { SaleFacts } from './sale-facts.js';
import { salePeriods, type Turn } from './sale-periods.js';

/** What both a line and an add-on that nobody pays for say. */
interface Stretch {
  readonly serverId: ServerId;
  readonly addOnId: AddOnId;
  readonly customerId: CustomerId;
  readonly address: Ipv4Address | undefined;
  /** [from, to), ms since 1970, inside the month. */
  readonly from: number;
  readonly to: number;
  readonly began: Turn;
  readonly ended: Turn;
  /** Id of the Ipv4AddOnBought that is paid for: that by which entry and route are there. */
  readonly boughtBy: string;
}

/** One line: an address, a customer and a price, the same throughout. */
export interface InvoiceLine extends Stretch {
  readonly address: Ipv4Address;
  readonly currency: Currency;
  readonly monthlyPriceMinor: number;
  /** Id of the event that named the price: the purchase itself, or the AddOnRateSet in force. */
  readonly pricedBy: string;
  readonly amountMinor: number;
}

/** Sold, and on no invoice. */
export interface Unbilled extends Stretch {
  /** `pending`: has no address; `waiting`: the address is another's; else nobody can tell what it costs. */
  readonly why: 'pending' | 'waiting' | 'no-rate' | 'which-currency';
}

export interface Invoice {
  readonly month: Month;
  /** By server, add-on and time. */
  readonly lines: readonly InvoiceLine[];
  readonly unbilled: readonly Unbilled[];
}

/** What was sold, as it was known at an ordinal; its months are asked for one by one. */
export class Invoices {
  private readonly parts: readonly Part[];
  private readonly rates: RateCard;

  /** @param ordinal of the last event that counts */
  constructor(facts: SaleFacts, ordinal: number = facts.ordinal) {
    const periods = [...facts.ofServers()].flatMap(([serverId, of]) => salePeriods(serverId, of, ordinal));
    this.parts = billedParts(periods).sort(byServer);
    this.rates = new RateCard(facts.rates, ordinal);
  }

  of(month: Month): Invoice {
    const lines: InvoiceLine[] = [];
    const unbilled: Unbilled[] = [];
    for (const part of this.parts) {
      if (part.from >= month.to || part.to <= month.from) continue;
      for (const [stretch, price] of this.priced(part, month)) {
        const { address } = stretch;
        if ('why' in price || address === undefined)
          unbilled.push({ ...stretch, why: 'why' in price ? price.why : 'pending' });
        else {
          const amountMinor = proRata(price.monthlyPriceMinor, month, stretch.from, stretch.to);
          lines.push({ ...stretch, address, ...price, amountMinor });
        }
      }
    }
    return { month, lines, unbilled };
  }

  /** The part inside the month, cut where its price changes. */
  private priced(part: Part, month: Month): (readonly [Stretch, Price | { readonly why: Unbilled['why'] }])[] {
    const whole = within(part, month);
    if (part.unpaid !== undefined) return [[whole, { why: part.unpaid }]];
    const cuts: [Stretch, Price][] = [];
    for (const at of [whole.from, ...this.rates.changesWithin(whole.from, whole.to)]) {
      const price = this.rates.priceOf(part, at);
      const last = cuts.at(-1);
      if (last !== undefined && isSamePrice(last[1], price)) continue;
      const turn: Turn = { why: 'price-changed', ...('pricedBy' in price ? { event: price.pricedBy } : {}) };
      if (last !== undefined) last[0] = { ...last[0], to: at, ended: turn };
      cuts.push([last === undefined ? whole : { ...whole, from: at, began: turn }, price]);
    }
    return cuts;
  }
}

function within(part: Part, month: Month): Stretch {
  const { serverId, addOnId, customerId, address, boughtBy } = part;
  const monthTurn: Turn = { why: 'month' };
  return {
    ...{ serverId, addOnId, customerId, address, boughtBy },
    from: Math.max(part.from, month.from),
    to: Math.min(part.to, month.to),
    began: part.from < month.from ? monthTurn : part.began,
    ended: part.to > month.to ? monthTurn : (part.ended ?? monthTurn),
  };
}

function isSamePrice(a: Price, b: Price): boolean {
  if ('why' in a || 'why' in b) return 'why' in a && 'why' in b && a.why === b.why;
  return a.currency === b.currency && a.monthlyPriceMinor === b.monthlyPriceMinor;
}

function byServer(a: Part, b: Part): number {
  if (a.serverId !== b.serverId) return a.serverId < b.serverId ? -1 : 1;
  if (a.addOnId !== b.addOnId) return a.addOnId < b.addOnId ? -1 : 1;
  return a.from - b.from;
}
