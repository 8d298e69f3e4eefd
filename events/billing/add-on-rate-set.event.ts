import { IsIn } from '../vocabulary/decorators.js';
import { defineEvent, type FieldKind } from '../contract.js';
import type { Currency } from '../vocabulary/currency.js';
import { field, Is } from '../vocabulary/fields.js';

/** What has a rate; its name is the end of the stream. */
export type Product = (typeof products)[number];
const products = ['ipv4'] as const;
const product: FieldKind<Product> = {
  parse: (value) => products.find((one) => one === value),
  expected: `one of ${products.join(', ')}`,
};

/**
 * From its `time` on this is what the add-on costs a month in this currency, where the purchase names no price of its own. Published by billing.
 * Does not mean that anything was sold, and changes nothing of what a server is granted.
 */
export class AddOnRateSet {
  @IsIn(products) readonly product!: Product;
  @Is(field.currency) readonly currency!: Currency;
  /** Per month, in minor units of `currency` (cents). */
  @Is(field.minorUnits) readonly monthlyPriceMinor!: number;
}

export const addOnRateSet = defineEvent({
  type: 'AddOnRateSet',
  scope: 'publisher',
  version: 1,
  dataClass: AddOnRateSet,
  stream: (data) => `rates-${data.product}`,
  read: (from): AddOnRateSet => ({
    product: from.need('product', product),
    currency: from.need('currency', field.currency),
    monthlyPriceMinor: from.need('monthlyPriceMinor', field.minorUnits),
  }),
});
