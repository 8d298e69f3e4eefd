import { printable, textTable } from '../../cli/text-table.js';
import type { CompareReport } from './compare-report.js';
import { counted, rejectTable } from './render-import.js';

/** Servers that are told one by one; --json tells all. */
const mostShown = 100;

/** What a comparison found, for a person. */
export function renderCompare(report: CompareReport): string {
  const { file, compared, missing, extra, different, rejected, rejects, unread, differences } = report;
  const head = `${file}: ${counted(compared, 'server')} compared: ${missing} missing in the map, ${extra} not in the file, ${different} different.`;
  const ignored = unread.length === 0 ? [] : [`Not read, for they mean no column: ${printable(unread.join(', '))}.`];
  const shown = differences.slice(0, mostShown).flatMap(({ kind, serverId, fields = [{}] }) =>
    fields.map((one) => {
      const { field = '', file: inFile = '', map = '' } = one as Readonly<Record<string, string | undefined>>;
      return [kind, serverId, field, inFile, map];
    }),
  );
  const more =
    differences.length > mostShown ? [`  and ${counted(differences.length - mostShown, 'more server')}`] : [];
  const header = ['KIND', 'SERVER', 'FIELD', 'FILE', 'MAP'];
  const table = shown.length === 0 ? [] : ['', textTable([header, ...shown], '  '), ...more];
  const unreadable =
    rejected === 0
      ? []
      : [
          '',
          `Not compared, for the row cannot be read; events that close a gap are written only for a whole file:`,
          rejectTable(rejects, rejected),
        ];
  return [head, ...ignored, ...table, ...unreadable].join('\n');
}
