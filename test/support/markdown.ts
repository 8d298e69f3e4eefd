import { readFileSync, writeFileSync } from 'node:fs';

/** A table in the spelling the formatter leaves alone: columns padded to their widest cell. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(3, ...rows.map((row) => (row[column] ?? '').length));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = rows.map((row) => line(row.map((cell, column) => cell.padEnd(width(column)))));
  const rule = line((rows[0] ?? []).map((_cell, column) => '-'.repeat(width(column))));
  return [padded[0] ?? '', rule, ...padded.slice(1)].join('\n');
}

const start = (name: string): string => `<!-- generated: ${name} -->`;
const end = '<!-- end of generated part -->';

/**
 * Holds the generated part of a page to what the code says now.
 * With `PORTLEDGER_WRITE_DOCS=1` in the environment it writes the part instead.
 */
export function expectGenerated(page: string, name: string, content: string): void {
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(`${start(name)}\n`);
  const after = rest?.slice(rest.indexOf(end));
  if (before === undefined || rest === undefined || after === undefined || !rest.includes(end))
    throw new Error(`${page}: no part marked "${start(name)}" up to "${end}"; put the two marks back`);
  const wanted = `${before}${start(name)}\n\n${content}\n\n${after}`;
  if (process.env['PORTLEDGER_WRITE_DOCS'] === '1') writeFileSync(page, wanted);
  else expect(text).toBe(wanted);
}
