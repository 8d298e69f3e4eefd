import { type Currency, formatAmount, formatMoney, minorDigitsOf, parseCurrency } from '../../events/index.js';
import fc from '../support/property.js';

const currency = (code: string): Currency => {
  const parsed = parseCurrency(code);
  if (parsed === undefined) throw new Error(`${code} is no currency`);
  return parsed;
};

describe('a currency', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
  ])('%s has %i digits after the point', (code, digits) => expect(minorDigitsOf(currency(code))).toBe(digits));

  it.each(['eur', 'EU', 'EURO', 'XXX', 'XAU', 'AAA', '', 978, undefined])('%j is none', (code) =>
    expect(parseCurrency(code)).toBeUndefined(),
  );

  it('is known where it is one of today', () =>
    expect(['USD', 'GBP', 'CHF', 'PLN', 'SEK', 'CZK'].filter((code) => parseCurrency(code) === undefined)).toEqual([]));
});

describe('an amount', () => {
  it.each([
    [0n, 'EUR', '0.00 EUR'],
    [5n, 'EUR', '0.05 EUR'],
    [-5n, 'EUR', '-0.05 EUR'],
    [123_456_789_012_345_678n, 'EUR', '1234567890123456.78 EUR'],
    [-1200n, 'JPY', '-1200 JPY'],
    [1n, 'KWD', '0.001 KWD'],
  ])('%s of %s reads %s', (minor, code, text) => expect(formatMoney(minor, currency(code))).toBe(text));

  it('reads back as the same number of minor units', () =>
    fc.assert(
      fc.property(fc.bigInt(), fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'), (minor, code) =>
        expect(BigInt(formatAmount(minor, currency(code)).replace('.', ''))).toBe(minor),
      ),
    ));
});
