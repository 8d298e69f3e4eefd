import type { Currency } from '../../events/index.js';
import { knownBy, type RateFact } from './sale-facts.js';

/** What an add-on costs at a moment, and the event that says so; or why nobody can tell. */
export type Price =
  | { readonly currency: Currency; readonly monthlyPriceMinor: number; readonly pricedBy: string }
  | { readonly why: 'no-rate' | 'which-currency' };

/** What a purchase says of its price. */
export interface OwnPrice {
  readonly currency: Currency | undefined;
  readonly monthlyPriceMinor: number | undefined;
  /** Id of the purchase. */
  readonly boughtBy: string;
}

/** The rates of an add-on, each from its `time` on until the next of its currency; the later (`time`, position) wins. */
export class RateCard {
  private readonly facts: readonly RateFact[];

  constructor(facts: readonly RateFact[], ordinal: number) {
    this.facts = knownBy(facts, ordinal);
  }

  /** The moments inside (from, to) at which a rate begins. */
  changesWithin(from: number, to: number): number[] {
    return [...new Set(this.facts.map(({ time }) => time))].filter((time) => time > from && time < to);
  }

  /**
   * The price of a purchase at a moment. Its own wins. One without a currency is in that of the rates, where they have only one
   * by then: nobody guesses in which of several a customer pays.
   */
  priceOf({ currency, monthlyPriceMinor, boughtBy }: OwnPrice, at: number): Price {
    const rates = new Map<Currency, RateFact>();
    for (const fact of this.facts) if (fact.time <= at) rates.set(fact.data.currency, fact);
    const [only, ...others] = rates.keys();
    const paidIn = currency ?? only;
    if (paidIn === undefined) return { why: 'no-rate' };
    if (currency === undefined && others.length > 0) return { why: 'which-currency' };
    if (monthlyPriceMinor !== undefined) return { currency: paidIn, monthlyPriceMinor, pricedBy: boughtBy };
    const rate = rates.get(paidIn);
    if (rate === undefined) return { why: 'no-rate' };
    return { currency: paidIn, monthlyPriceMinor: rate.data.monthlyPriceMinor, pricedBy: rate.id };
  }
}
