import { readLines } from '../ndjson.js';
import { type Column, columnOf } from './columns.js';
import type { Row, RowFile } from './row.js';

const longestLine = 1024 * 1024;

/** Reads one JSON object a line; its names are those of the columns, `vlan` may be a number, lists may be lists. */
export function openNdjson(chunks: AsyncIterable<Uint8Array>): RowFile {
  const unread = new Set<string>();
  return { header: [], unread, rows: rowsOf(chunks, unread) };
}

async function* rowsOf(chunks: AsyncIterable<Uint8Array>, unread: Set<string>): AsyncGenerator<Row> {
  let number = 0;
  for await (const line of readLines(chunks)) {
    const at = { number: ++number, place: `line ${line.number}`, bytesRead: line.bytesRead };
    yield { ...at, ...read(line.text, unread) };
  }
}

function read(text: string, unread: Set<string>): Pick<Row, 'fields' | 'original' | 'problem'> {
  const nothing = { fields: new Map<Column, unknown>(), original: text };
  if (Buffer.byteLength(text) > longestLine) return { ...nothing, problem: `more than ${longestLine} bytes` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ...nothing, problem: `no JSON: ${(error as Error).message}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ...nothing, problem: 'expected a JSON object' };
  const original = value as Readonly<Record<string, unknown>>;
  const fields = new Map<Column, unknown>();
  for (const [name, one] of Object.entries(original)) {
    const column = columnOf(name);
    if (column === undefined) unread.add(name);
    else if (fields.has(column)) return { fields, original, problem: `two names mean ${column}` };
    else fields.set(column, one);
  }
  return { fields, original };
}
