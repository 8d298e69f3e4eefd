import { type Currency, formatAmount, formatInstant, formatMoney } from '../../../../events/index.js';
import {
  type Correction,
  corrections,
  type InvoiceLine,
  Invoices,
  monthsUpTo,
  type Turn,
  type Unbilled,
} from '../../../../projections/index.js';
import { lastKnown } from '../../known-log.js';
import type { MoneyQuestion } from './money-question.js';
import type { Plot, Shown } from './money-report.js';
import type { SalesLog } from './sales-log.js';

/** As a line is said: times are RFC 3339. */
type Spelt<Line> = Omit<Line, 'from' | 'to'> & { readonly from: string; readonly to: string };
/** Whole numbers of minor units as text: sums may be larger than a number is exact. */
interface Total {
  readonly currency: Currency;
  readonly lines: number;
  readonly totalMinor: string;
}
type SpeltCorrection = {
  readonly [Field in keyof Correction]: Correction[Field] extends bigint ? string : Correction[Field];
};

export interface AddOnsReport {
  readonly logId: string;
  /** Of the last event that was known. */
  readonly ordinal: number;
  readonly month: string;
  readonly customer?: string;
  readonly lines: readonly Spelt<InvoiceLine>[];
  readonly totals: readonly Total[];
  readonly unbilled: readonly Spelt<Unbilled>[];
  /** With `billedAt`: the ordinal the invoice knew when it went out, and what it said otherwise. */
  readonly billedOrdinal?: number;
  readonly corrections?: readonly SpeltCorrection[];
  /** The totals of the last twelve months. */
  readonly months: readonly { readonly month: string; readonly totals: readonly Total[] }[];
}

/** The lines of a month. Rejects with a StoreError. */
export async function addOnsReport(sales: SalesLog, question: MoneyQuestion): Promise<AddOnsReport> {
  const { month, customer, knownAt, billedAt } = question;
  const ordinal = await lastKnown(sales.log, knownAt);
  const isMeant = (one: { readonly customerId: string }): boolean =>
    customer === undefined || one.customerId === customer;
  const invoices = new Invoices(sales.facts, ordinal);
  const invoice = invoices.of(month);
  const lines = invoice.lines.filter(isMeant);
  const billedOrdinal = billedAt === undefined ? undefined : Math.min(ordinal, await lastKnown(sales.log, billedAt));
  const corrected =
    billedOrdinal === undefined
      ? undefined
      : corrections(
          sales.facts,
          { invoice: new Invoices(sales.facts, billedOrdinal).of(month), ordinal: billedOrdinal },
          { invoice, ordinal },
        ).filter(isMeant);
  return {
    ...{ logId: sales.log.logId, ordinal, month: month.name },
    ...(customer === undefined ? {} : { customer }),
    ...{ lines: lines.map(spelt), totals: totalsOf(lines), unbilled: invoice.unbilled.filter(isMeant).map(spelt) },
    ...(billedOrdinal === undefined ? {} : { billedOrdinal }),
    ...(corrected === undefined ? {} : { corrections: corrected.map(speltCorrection) }),
    months: monthsUpTo(month, 12).map((one) => ({
      month: one.name,
      totals: totalsOf(invoices.of(one).lines.filter(isMeant)),
    })),
  };
}

export function totalsOf(lines: readonly InvoiceLine[]): Total[] {
  const sums = new Map<Currency, { lines: number; sum: bigint }>();
  for (const { currency, amountMinor } of lines) {
    const of = sums.get(currency) ?? { lines: 0, sum: 0n };
    sums.set(currency, { lines: of.lines + 1, sum: of.sum + BigInt(amountMinor) });
  }
  return [...sums]
    .map(([currency, of]) => ({ currency, lines: of.lines, totalMinor: String(of.sum) }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

function spelt<Line extends { readonly from: number; readonly to: number }>(line: Line): Spelt<Line> {
  return { ...line, from: formatInstant(line.from), to: formatInstant(line.to) };
}

function speltCorrection(one: Correction): SpeltCorrection {
  const { thenMinor, nowMinor, differenceMinor } = one;
  return {
    ...one,
    ...{ thenMinor: String(thenMinor), nowMinor: String(nowMinor), differenceMinor: String(differenceMinor) },
  };
}

const at = (instant: string): string => instant.replace('T', ' ').replace(/(:00)?\.000Z$/, '');
const because = ({ why, event }: Turn): string => (event === undefined ? why : `${why} ${event}`);
export const moneyOf = ({ totalMinor, currency }: Total): string => formatMoney(BigInt(totalMinor), currency);

export function showAddOns(report: AddOnsReport): Shown {
  const { month, customer, lines, totals, unbilled, corrections: corrected, months } = report;
  const parts = [
    {
      title: 'Invoice lines',
      says: `${lines.length === 1 ? 'One line. It' : `${lines.length} lines. Each`} names the purchase by which entry and route are there, and what began and ended it.`,
      columns: [
        'Customer',
        'Server',
        'Add-on',
        'Address',
        'From',
        'To',
        'A month',
        'Amount',
        'Currency',
        'Bought by',
        'Began',
        'Ended',
      ],
      rows: lines.map((line) => [
        ...[line.customerId, line.serverId, line.addOnId, line.address, at(line.from), at(line.to)],
        formatAmount(BigInt(line.monthlyPriceMinor), line.currency),
        formatAmount(BigInt(line.amountMinor), line.currency),
        ...[line.currency, line.boughtBy, because(line.began), because(line.ended)],
      ]),
    },
    {
      title: 'Totals',
      says: totals.length === 0 ? 'Nothing is billed.' : 'One a currency.',
      columns: ['Currency', 'Lines', 'Total'],
      rows: totals.map((one) => [one.currency, String(one.lines), formatAmount(BigInt(one.totalMinor), one.currency)]),
    },
    {
      title: 'Sold and not billed',
      says:
        unbilled.length === 0 ? 'Nothing.' : 'Pending: has no address. Waiting: another has it. Else it has no price.',
      columns: ['Customer', 'Server', 'Add-on', 'Address', 'From', 'To', 'Why', 'Bought by'],
      rows: unbilled.map((one) => [
        ...[
          one.customerId,
          one.serverId,
          one.addOnId,
          one.address ?? '',
          at(one.from),
          at(one.to),
          one.why,
          one.boughtBy,
        ],
      ]),
    },
    ...(corrected === undefined ? [] : [correctionsPart(corrected)]),
  ];
  return {
    title: `add-ons of ${month}${customer === undefined ? '' : `, ${customer}`}`,
    says: `Months and times in UTC. Known up to event #${report.ordinal} of log ${report.logId}.`,
    keys: [
      ...totals.map((one): [string, string] => [moneyOf(one), 'billed']),
      [String(lines.length), 'lines'],
      [String(unbilled.length), 'not billed'],
    ],
    plots: incomePlots(months),
    parts,
    csv: csvOf(report),
  };
}

function correctionsPart(corrected: readonly SpeltCorrection[]) {
  return {
    title: 'Credits and charges',
    says:
      corrected.length === 0
        ? 'The invoice says what is known now.'
        : 'What the invoice said, what is known now, and the events that made the difference.',
    columns: ['Customer', 'Server', 'Add-on', 'Then', 'Now', 'Difference', 'Currency', 'Because of'],
    rows: corrected.map((one) => [
      ...[one.customerId, one.serverId, one.addOnId],
      ...[one.thenMinor, one.nowMinor, one.differenceMinor].map((minor) => formatAmount(BigInt(minor), one.currency)),
      ...[one.currency, one.because.join(' ')],
    ]),
  };
}

/** Income by the month, a plot for each currency: amounts of two currencies have no common height. */
export function incomePlots(months: AddOnsReport['months']): Plot[] {
  const currencies = [...new Set(months.flatMap(({ totals }) => totals.map(({ currency }) => currency)))].sort();
  return currencies.map((currency) => ({
    title: `Income by the month, ${currency}`,
    bars: months.map(({ month, totals }) => {
      const total = totals.find((one) => one.currency === currency);
      const value = Number(total?.totalMinor ?? 0);
      return {
        name: month,
        heights: [{ of: 'income', value, said: total === undefined ? 'nothing' : moneyOf(total) }],
      };
    }),
  }));
}

function csvOf({ month, lines }: AddOnsReport): string[][] {
  const header =
    'month,customerId,serverId,addOnId,address,from,to,currency,monthlyPriceMinor,amountMinor,boughtBy,pricedBy,began,beganBy,ended,endedBy';
  return [
    header.split(','),
    ...lines.map((line) => [
      ...[month, line.customerId, line.serverId, line.addOnId, line.address, line.from, line.to, line.currency],
      ...[String(line.monthlyPriceMinor), String(line.amountMinor), line.boughtBy, line.pricedBy],
      ...[line.began.why, line.began.event ?? '', line.ended.why, line.ended.event ?? ''],
    ]),
  ];
}
