import { localSuffix } from './look.js';

/** A table in aligned columns, its first row the header; empty cells show a dash. No line ends in blanks. */
export function textTable(rows: readonly (readonly string[])[], indent = ''): string {
  const cells = rows.map((row) => row.map((cell) => printable(cell === '' ? '-' : cell)));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) => `${indent}${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

// C0, DEL, C1, line separators and bidi controls: what could forge a line or turn its text around on a terminal.
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text from outside, safe for a terminal. */
export function printable(text: string): string {
  return text.replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * An instant as people read it, in UTC, and as `--at` takes it back; milliseconds only where there are some. On a terminal
 * the reader's own time stands behind it.
 */
export function shortInstant(instant: string): string {
  return `${instant.replace('.000Z', 'Z')}${localSuffix(instant)}`;
}

/** How long something took, in its two largest units. */
export function shortDuration(millis: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const;
  const parts: string[] = [];
  let rest = millis;
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0 && parts.length < 2) parts.push(`${count} ${name}`);
    rest -= count * size;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}
