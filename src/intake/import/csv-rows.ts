import { once } from 'node:events';
import { CsvError, parse } from 'csv-parse';
import { CliError, exitCode } from '../../cli/command.js';
import { type Column, readHeader } from './columns.js';
import type { Row, RowFile } from './row.js';

/** Bytes of one record, all its fields together. */
const longestRecord = 1024 * 1024;
const delimiters = [',', ';', '\t'];

/** What the parser tells of a record. */
interface Told {
  readonly record: string[];
  readonly info: { readonly empty_lines: number; readonly bytes: number };
}

/**
 * Reads CSV (RFC 4180) record by record: quoted fields may hold anything, lines may end in CRLF, LF or CR, and the delimiter is
 * whichever of comma, semicolon and tab the header has most of.
 * @throws CliError for a file without a header that can be used, and for one that ends within quotes
 */
export async function openCsv(file: string, chunks: AsyncIterable<Uint8Array>): Promise<RowFile> {
  const { head, whole } = await beginning(chunks);
  const records = recordsOf(file, whole, delimiterOf(head));
  const first = await records.next();
  if (first.done === true) throw new CliError(exitCode.error, `${file} is empty, expected a header line.`);
  const names = first.value.record.map((name) => name.trim());
  const header = readHeader(names);
  if ('problem' in header) throw new CliError(exitCode.error, `${file}: ${header.problem}.`);
  return { header: names, unread: new Set(header.unread), rows: rowsOf(records, header.columns) };
}

async function* rowsOf(records: AsyncIterable<Told>, columns: readonly (Column | undefined)[]): AsyncGenerator<Row> {
  let number = 0;
  // The parser counts CRLF inside quotes as two lines; an editor counts one.
  let linesRead = 1;
  for await (const { record, info } of records) {
    const line = linesRead + info.empty_lines + 1;
    linesRead += 1 + linesWithin(record);
    if (record.every((cell) => cell.trim() === '')) continue;
    const fields = new Map<Column, string>();
    columns.forEach((column, index) => {
      if (column !== undefined) fields.set(column, record[index]?.trim() ?? '');
    });
    const row = { number: ++number, place: `line ${line}`, fields, original: record, bytesRead: info.bytes };
    const isWhole = record.length === columns.length;
    yield isWhole ? row : { ...row, problem: `found ${record.length} fields, expected ${columns.length}` };
  }
}

async function* recordsOf(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<Told, void> {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    max_record_size: longestRecord,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const fed = feed(parser, chunks);
  try {
    for await (const told of parser) yield told as Told;
    await fed;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new CliError(exitCode.error, `${file}: ${spelt(error)} Nothing after it was read.`);
  } finally {
    parser.destroy();
    await fed.catch(() => undefined); // Told above, or nobody wants the rest.
  }
}

async function feed(parser: ReturnType<typeof parse>, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (parser.destroyed) return;
      if (!parser.write(chunk)) await roomIn(parser);
    }
    parser.end();
  } catch (error) {
    parser.destroy(error as Error);
  }
}

/** Resolves once the parser takes more, or will never. */
async function roomIn(parser: ReturnType<typeof parse>): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  await Promise.race([once(parser, 'drain', { signal }), once(parser, 'close', { signal })]).finally(() =>
    done.abort(),
  );
}

function spelt(error: CsvError): string {
  const line = String((error as unknown as { readonly lines?: number }).lines ?? '?');
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return `the file ends within the quotes that open near line ${line}.`;
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return `line ${line} has more than ${longestRecord} bytes; is a quote missing there?`;
  return `line ${line}: ${error.message}.`;
}

/** Line ends inside the fields of a record. */
function linesWithin(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}

/** The first line as text, and all chunks again. */
async function beginning(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ head: string; whole: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let head = '';
  while (!/[\r\n]/.test(head) && head.length < longestRecord) {
    const next = await iterator.next();
    if (next.done === true) break;
    read.push(next.value);
    head += Buffer.from(next.value).toString('utf8');
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* read;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { head: head.split(/[\r\n]/, 1)[0] ?? '', whole: whole() };
}

function delimiterOf(head: string): string {
  const unquoted = head.replace(/"[^"]*"/g, '');
  const counts = delimiters.map((one) => unquoted.split(one).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}
