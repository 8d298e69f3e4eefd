import { KnownLog, type LogReader } from '../../known-log.js';
import type { MoneyQuestion, MoneyReportName } from './money-question.js';
import { type Answers, nowOf, type ReportName, tell, tellIdle } from './money-reports.js';
import { SalesLog } from './sales-log.js';

/** Answers from a log that no engine has folded. Without a question: what is idle. Rejects with a StoreError. */
export async function answerFrom<Name extends ReportName>(
  name: Name,
  log: LogReader,
  question: MoneyQuestion | undefined,
): Promise<Answers[Name]> {
  const sales = new SalesLog(log);
  await sales.upToDate();
  if (question !== undefined) return (await tell[name as MoneyReportName](sales, question)) as Answers[Name];
  const known = await KnownLog.open(log, { ordinal: sales.facts.ordinal });
  const { map } = await known.fold();
  return tellIdle(sales, map, known.ordinal, await nowOf(sales)) as Answers[Name];
}
