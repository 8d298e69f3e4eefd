import { printable, textTable } from '../../cli/text-table.js';
import type { CompareReport, ToldDifference } from './compare-report.js';
import type { ToldReject } from './import-report.js';
import { counted, rejectTable } from './render-import.js';

/** Servers that are told one by one; --json tells all. */
const mostShown = 100;

/** What a comparison found, for a person. */
export function renderCompare(report: CompareReport): string {
  const { file, compared, missing, extra, different, rejected, rejects, unread, differences } = report;
  const head = `${file}: ${counted(compared, 'server')} compared: ${missing} missing in the map, ${extra} not in the file, ${different} different.`;
  const unreadable = renderUnreadable(rejects, rejected, '; events that close a gap are written only for a whole file');
  return [head, ...notRead(unread), ...differenceTable(differences, differences.length), ...unreadable].join('\n');
}

/** Names of the file that mean no column. */
export function notRead(unread: readonly string[]): string[] {
  return unread.length === 0 ? [] : [`Not read, for they mean no column: ${printable(unread.join(', '))}.`];
}

/** The first differences, and how many servers differ in all. */
export function differenceTable(differences: readonly ToldDifference[], inAll: number): string[] {
  const first = differences.slice(0, mostShown);
  const shown = first.flatMap(({ kind, serverId, fields = [{}] }) =>
    fields.map((one) => {
      const { field = '', file: inFile = '', map = '' } = one as Readonly<Record<string, string | undefined>>;
      return [kind, serverId, field, inFile, map];
    }),
  );
  if (shown.length === 0) return [];
  const more = inAll > first.length ? [`  and ${counted(inAll - first.length, 'more server')}`] : [];
  return ['', textTable([['KIND', 'SERVER', 'FIELD', 'FILE', 'MAP'], ...shown], '  '), ...more];
}

/** Rows that say nothing of a server, for they cannot be read. */
export function renderUnreadable(rejects: readonly ToldReject[], rejected: number, more = ''): string[] {
  if (rejected === 0) return [];
  return ['', `Not compared, for the row cannot be read${more}:`, rejectTable(rejects, rejected)];
}
