import { openCsv } from '../../../src/intake/import/csv-rows.js';
import { openNdjson } from '../../../src/intake/import/ndjson-rows.js';
import { readRecord } from '../../../src/intake/import/read-record.js';
import type { Row, RowFile } from '../../../src/intake/import/row.js';
import type { ServerRecord } from '../../../src/intake/import/server-record.js';

/** A file in pieces of so many bytes, as a disk or a pipe may hand it over. */
export async function* inPieces(text: string | Buffer, bytes = 64 * 1024): AsyncGenerator<Uint8Array> {
  const whole = Buffer.from(text);
  for (let start = 0; start < whole.length; start += bytes) {
    await Promise.resolve();
    yield whole.subarray(start, start + bytes);
  }
}

export const csv = (text: string | Buffer, bytes?: number): Promise<RowFile> =>
  openCsv('test.csv', inPieces(text, bytes));

export async function rowsOf(file: RowFile | Promise<RowFile>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of (await file).rows) rows.push(row);
  return rows;
}

export const now = Date.parse('2026-06-01T00:00:00Z');
export const since = Date.parse('2026-01-01T00:00:00Z');

/** What one JSON object says, as a record or as the reasons against it. */
export async function readObject(object: object): Promise<ServerRecord | string[]> {
  const [row] = await rowsOf(openNdjson(inPieces(JSON.stringify(object))));
  if (row === undefined) throw new Error('no row was read');
  const read = readRecord(row, { now, since });
  return 'record' in read ? read.record : read.rejects.map(({ column, reason }) => `${column}: ${reason}`);
}
