import { parseCustomerId } from '../../../../events/index.js';
import { type Month, parseMonth } from '../../../../projections/index.js';
import { type KnownAt, parseKnownAt, type Read } from '../../as-of.js';
import { type Fields, strayField } from '../../question.js';

/** What every report about money is asked. */
export interface MoneyQuestion {
  readonly month: Month;
  readonly customer?: string;
  readonly knownAt?: KnownAt;
  /** When the invoice went out that is to be corrected. */
  readonly billedAt?: KnownAt;
}

/** The reports that take each field. */
const fieldsOf = {
  addons: ['month', 'customer', 'knownAt', 'billedAt'],
  yield: ['month', 'customer', 'knownAt'],
  migration: ['month', 'knownAt'],
} as const;
export type MoneyReportName = keyof typeof fieldsOf;

/** Reads a question. @param now ms since 1970: without a month, the last one that is over */
export function readMoneyQuestion(name: MoneyReportName, fields: Fields, now: number): Read<MoneyQuestion> {
  const stray = strayField(fields, fieldsOf[name]);
  if (stray !== undefined) return { problem: stray };
  const { month: said = lastMonth(now), customer, knownAt, billedAt } = fields;
  const month = parseMonth(said);
  if (month === undefined) return { problem: `month: "${said.slice(0, 40)}" is no month; write 2026-10` };
  if (customer !== undefined && parseCustomerId(customer) === undefined)
    return { problem: `customer: "${customer.slice(0, 80)}" is not a customer id` };
  const known = knownAt === undefined ? undefined : parseKnownAt(knownAt);
  if (known !== undefined && 'problem' in known) return known;
  const billed = billedAt === undefined ? undefined : parseKnownAt(billedAt);
  if (billed !== undefined && 'problem' in billed) return { problem: billed.problem.replace(/^known-at/, 'billed-at') };
  return {
    value: {
      month,
      ...(customer === undefined ? {} : { customer }),
      ...(known === undefined ? {} : { knownAt: known.value }),
      ...(billed === undefined ? {} : { billedAt: billed.value }),
    },
  };
}

function lastMonth(now: number): string {
  const date = new Date(now);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}
