import type { ParsedTable, TableEntry, UnparsedLine } from '../table-entry.js';

export type Row = Readonly<Record<string, unknown>>;

export const rowOf = (value: unknown): Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {};
/** The rows of a list, or the one row where a device leaves the list out. */
export const rowsOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : value === undefined || value === null ? [] : [value];
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

/** Parsed JSON; undefined for text that is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One row of a device's list and how to read it. */
export interface JsonRow {
  readonly value: unknown;
  readonly read: (value: Row, place: number) => TableEntry | readonly TableEntry[] | undefined;
}

/** Reads rows in their order; what is no row is listed as unparsed under its place. */
export function parseRows(rows: readonly JsonRow[]): ParsedTable {
  const entries: TableEntry[] = [];
  const unparsed: UnparsedLine[] = [];
  rows.forEach(({ value, read }, index) => {
    const found = read(rowOf(value), index + 1);
    if (found === undefined) unparsed.push({ line: index + 1, text: (JSON.stringify(value) ?? '').slice(0, 200) });
    else if (Array.isArray(found)) entries.push(...(found as readonly TableEntry[]));
    else entries.push(found as TableEntry);
  });
  return { entries, unparsed };
}

/** What a text that is not even JSON, or JSON of another kind, gives: itself, unparsed. */
export function nothingOf(text: string): ParsedTable {
  return { entries: [], unparsed: text.trim() === '' ? [] : [{ line: 1, text: text.trim().slice(0, 200) }] };
}
