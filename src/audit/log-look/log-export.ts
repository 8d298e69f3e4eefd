import { type LogFilter, readLogFilter, spanFilters, textFilters } from '../log-filter.js';
import type { Read } from '../as-of.js';
import { logPage, type LogView, mostEvents } from '../log-page.js';
import { type Fields, strayField } from '../question.js';

/** Which events are exported, and which of them first. */
export interface ExportQuestion extends LogFilter {
  readonly backwards: boolean;
}

/** Reads the fields of the list's filter; those that page through it have no meaning here. */
export function readExportQuestion(fields: Fields): Read<ExportQuestion> {
  const stray = strayField(fields, ['backwards', ...textFilters, ...spanFilters]);
  if (stray !== undefined) return { problem: stray };
  const { backwards = 'false' } = fields;
  if (backwards !== 'true' && backwards !== 'false')
    return { problem: `backwards: expected true or false, found "${backwards}"` };
  const filter = readLogFilter(fields);
  return 'problem' in filter ? filter : { value: { ...filter.value, backwards: backwards === 'true' } };
}

/**
 * The events that fit, up to the ordinal `end`, as the list shows them: one JSON text a line, some at a time. What is stored
 * meanwhile is none of them.
 */
export async function* exportedLines(log: LogView, question: ExportQuestion, end: number): AsyncGenerator<string> {
  if (end < 0) return;
  let after: string | undefined;
  do {
    const page = await logPage(log, { ...question, limit: mostEvents, ...(after === undefined ? {} : { after }) });
    const events = page.events.filter(({ ordinal }) => ordinal <= end);
    if (events.length > 0) yield events.map((event) => `${JSON.stringify(event)}\n`).join('');
    if (!question.backwards && (page.lastOrdinal ?? end) >= end) return;
    after = page.next;
  } while (after !== undefined);
}
