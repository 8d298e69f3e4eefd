import { type Currency, formatAmount, ipv4Number, formatIpv4, parseIpv4 } from '../../../../events/index.js';
import { type InvoiceLine, Invoices, monthsUpTo } from '../../../../projections/index.js';
import { lastKnown } from '../../known-log.js';
import { type AddOnsReport, incomePlots, moneyOf, totalsOf } from './addons-report.js';
import type { MoneyQuestion } from './money-question.js';
import type { Shown } from './money-report.js';
import type { SalesLog } from './sales-log.js';

/** What an address, or a block of 256 of them, brought in a month, in one currency. */
interface Yield {
  /** `198.51.100.16`, or `198.51.100.0/24`. */
  readonly of: string;
  readonly currency: Currency;
  /** How many of its addresses were billed at some time of the month. */
  readonly addresses: number;
  /** A whole number of minor units, as text. */
  readonly incomeMinor: string;
  /** Days of the month for which they were billed, of all of its addresses together, in thousandths. */
  readonly milliDays: number;
}

export interface YieldReport {
  readonly logId: string;
  readonly ordinal: number;
  readonly month: string;
  readonly customer?: string;
  readonly addresses: readonly Yield[];
  readonly blocks: readonly Yield[];
  readonly totals: AddOnsReport['totals'];
  readonly months: AddOnsReport['months'];
}

/** Income by address and by /24 of a month. Rejects with a StoreError. */
export async function yieldReport(sales: SalesLog, { month, customer, knownAt }: MoneyQuestion): Promise<YieldReport> {
  const ordinal = await lastKnown(sales.log, knownAt);
  const invoices = new Invoices(sales.facts, ordinal);
  const isMeant = (line: InvoiceLine): boolean => customer === undefined || line.customerId === customer;
  const lines = invoices.of(month).lines.filter(isMeant);
  return {
    ...{ logId: sales.log.logId, ordinal, month: month.name },
    ...(customer === undefined ? {} : { customer }),
    addresses: yields(lines, ({ address }) => address),
    blocks: yields(lines, ({ address }) => `${address.slice(0, address.lastIndexOf('.'))}.0/24`),
    totals: totalsOf(lines),
    months: monthsUpTo(month, 12).map((one) => ({
      month: one.name,
      totals: totalsOf(invoices.of(one).lines.filter(isMeant)),
    })),
  };
}

function yields(lines: readonly InvoiceLine[], of: (line: InvoiceLine) => string): Yield[] {
  const sums = new Map<string, { of: string; currency: Currency; sum: bigint; ms: number; addresses: Set<string> }>();
  for (const line of lines) {
    const key = `${of(line)} ${line.currency}`;
    const sum = sums.get(key) ?? { of: of(line), currency: line.currency, sum: 0n, ms: 0, addresses: new Set() };
    sum.sum += BigInt(line.amountMinor);
    sum.ms += line.to - line.from;
    sum.addresses.add(line.address);
    sums.set(key, sum);
  }
  const place = (name: string): number => ipv4Number(parseIpv4(name.split('/')[0]) ?? formatIpv4(0));
  return [...sums.values()]
    .map(({ of: name, currency, sum, ms, addresses }) => ({
      ...{ of: name, currency, addresses: addresses.size, incomeMinor: String(sum) },
      milliDays: Math.round(ms / 86_400),
    }))
    .sort((a, b) => place(a.of) - place(b.of) || (a.currency < b.currency ? -1 : 1));
}

export function showYield(report: YieldReport): Shown {
  const { month, customer, addresses, blocks, totals, months } = report;
  const columns = ['Addresses', 'Billed', 'Days', 'Income', 'Currency'];
  const part = (title: string, says: string, first: string, found: readonly Yield[]) => ({
    title,
    says,
    columns: [first, ...columns.slice(1)],
    rows: found.map((one) => [
      ...[one.of, String(one.addresses), days(one.milliDays)],
      ...[formatAmount(BigInt(one.incomeMinor), one.currency), one.currency],
    ]),
    loud: found.map(({ incomeMinor }) => Number(incomeMinor)),
  });
  return {
    title: `yield of ${month}${customer === undefined ? '' : `, ${customer}`}`,
    says: `Months and times in UTC. Known up to event #${report.ordinal} of log ${report.logId}.`,
    keys: [
      ...totals.map((one): [string, string] => [moneyOf(one), 'income']),
      [String(new Set(addresses.map(({ of }) => of)).size), 'addresses billed'],
    ],
    plots: incomePlots(months),
    parts: [
      part('By block', 'Billed: how many of its 256 addresses at some time of the month.', 'Block', blocks),
      part('By address', 'Days: for how long it was billed.', 'Address', addresses),
    ],
    csv: [
      ['month', 'of', 'currency', 'addresses', 'milliDays', 'incomeMinor'],
      ...[...blocks, ...addresses].map((one) => [
        ...[month, one.of, one.currency, String(one.addresses), String(one.milliDays), one.incomeMinor],
      ]),
    ],
  };
}

const days = (milliDays: number): string =>
  `${Math.floor(milliDays / 1000)}.${String(milliDays % 1000).padStart(3, '0')}`;
