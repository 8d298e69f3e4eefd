import { formatInstant, parseInstant } from '../../../../events/index.js';
import { Invoices, type NetworkMap, parseMonth } from '../../../../projections/index.js';
import { type AddOnsReport, addOnsReport, showAddOns } from './addons-report.js';
import { type IdleReport, idleReport, showIdle } from './idle-report.js';
import { type MigrationReport, migrationReport, showMigration } from './migration-report.js';
import type { MoneyQuestion, MoneyReportName } from './money-question.js';
import type { Shown } from './money-report.js';
import type { SalesLog } from './sales-log.js';
import { showYield, type YieldReport, yieldReport } from './yield-report.js';

/** What each report answers. */
export interface Answers {
  readonly addons: AddOnsReport;
  readonly yield: YieldReport;
  readonly migration: MigrationReport;
  readonly idle: IdleReport;
}
export type ReportName = keyof Answers;

/** Answers a report that is told by the facts alone. Rejects with a StoreError. */
export const tell: {
  readonly [Name in MoneyReportName]: (sales: SalesLog, question: MoneyQuestion) => Promise<Answers[Name]>;
} = { addons: addOnsReport, yield: yieldReport, migration: migrationReport };

/** What is idle by a map that stands at the end of the log. @param now ms since 1970: the month whose prices are told */
export function tellIdle(sales: SalesLog, map: NetworkMap, ordinal: number, now: number): IdleReport {
  const month = parseMonth(formatInstant(now).slice(0, 7));
  if (month === undefined) throw new RangeError(`${now} ms is in no month that has a name.`);
  const invoice = new Invoices(sales.facts, ordinal).of(month);
  return idleReport({ logId: sales.log.logId, ordinal }, map, invoice);
}

const shows: { readonly [Name in ReportName]: (answer: Answers[Name]) => Shown } = {
  addons: showAddOns,
  yield: showYield,
  migration: showMigration,
  idle: showIdle,
};

/** A report as it is shown. */
export function show<Name extends ReportName>(name: Name, answer: Answers[Name]): Shown {
  return shows[name](answer);
}

/** When the last event of a log was recorded; for a log without an engine that is its "now". */
export async function nowOf(sales: SalesLog): Promise<number> {
  const head = await sales.log.head();
  return parseInstant(head?.metadata.recordedAt) ?? Date.now();
}
