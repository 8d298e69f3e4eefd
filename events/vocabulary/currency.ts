declare const currencyBrand: unique symbol;
/** An ISO 4217 code of money that is paid with: `EUR`. */
export type Currency = string & { readonly [currencyBrand]: true };

// ISO 4217 list one: codes by how many digits their minor unit has. What has no minor unit (gold, the SDR, test codes) is no price.
const codes: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
     CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
     IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
     MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS
     SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const digitsOf: ReadonlyMap<string, number> = new Map(
  codes.flatMap(([digits, list]) => list.split(/\s+/).map((code) => [code, digits] as const)),
);

/** Reads an ISO 4217 code; undefined for one that has no minor unit or that nobody knows. */
export function parseCurrency(value: unknown): Currency | undefined {
  return typeof value === 'string' && digitsOf.has(value) ? (value as Currency) : undefined;
}

/** How many digits the minor unit of a currency has: 2 for EUR (cents), 0 for JPY. */
export function minorDigitsOf(currency: Currency): number {
  return digitsOf.get(currency) ?? 0;
}

/** An amount in minor units as people write it: `-12.50 EUR`, `1200 JPY`. No grouping; the point is a point. */
export function formatMoney(minor: bigint, currency: Currency): string {
  return `${formatAmount(minor, currency)} ${currency}`;
}

/** The same without the currency, for a column that names it beside. */
export function formatAmount(minor: bigint, currency: Currency): string {
  const digits = minorDigitsOf(currency);
  const sign = minor < 0n ? '-' : '';
  const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
