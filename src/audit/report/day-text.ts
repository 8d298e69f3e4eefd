import { plain } from '../dossier/dossier-texts.js';
import type { DayReport } from './day-report.js';
import { partsOf } from './day-sections.js';

/** The report as plain text, for a terminal and for mail programs that show nothing else. */
export function dayText(report: DayReport): string {
  const { from, to, events } = report;
  const spelt = (instant: string): string => instant.slice(0, 16).replace('T', ' ');
  const parts = partsOf(report).map(({ title, says, columns, rows }) => {
    const table = rows.length === 0 ? '' : `\n${aligned([columns, ...rows])}`;
    return `${title.toUpperCase()}\n${plain(says)}${table}`;
  });
  return `portledger: ${spelt(from)} to ${spelt(to)} UTC, ${events} events\n\n${parts.join('\n\n')}\n`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (cell === '' ? '-' : plain(cell))));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}
