import { createHash } from 'node:crypto';
import { ImportReader } from '../import/import-reader.js';
import { Rejects } from '../import/import-report.js';
import { openRows } from '../import/open-rows.js';
import type { ServerRecord } from '../import/server-record.js';
import { renameCure, TruthError, type TruthFile } from './truth-file.js';
import type { TruthEnd, TruthOrder } from './truth-told.js';

/** Servers that are handed on together. */
const atOnce = 500;
const lineEnds: readonly (number | undefined)[] = [0x0a, 0x0d];

/**
 * Reads the servers of an opened file and hands them on, some at a time. Rejects with a TruthError where the file is not whole,
 * and with a CliError where it is not of its format.
 */
export async function readTruthRows(
  { handle, facts, check }: TruthFile,
  { file: name, format, now }: TruthOrder,
  hand: (records: readonly ServerRecord[]) => Promise<void>,
): Promise<TruthEnd> {
  const hash = createHash('sha256');
  let lastByte: number | undefined;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    // Not beyond what the file had when it was opened: a writer could go on for ever.
    const bytes = handle.createReadStream({ autoClose: false, start: 0, end: Math.max(0, facts.bytes - 1) });
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      hash.update(chunk);
      lastByte = chunk.at(-1);
      yield chunk;
    }
  }
  const file = await openRows(format, name, chunks());
  const rejects = new Rejects();
  const passedOver: string[] = [];
  const reader = new ImportReader({
    file,
    clock: { now, since: undefined },
    needsSince: false,
    onReject: (row, reasons) => {
      rejects.add(reasons);
      passedOver.push(String(row.fields.get('server')));
    },
    onRow: () => {},
  });
  let records: ServerRecord[] = [];
  for await (const { record } of reader.records()) {
    records.push(record);
    if (records.length < atOnce) continue;
    await hand(records);
    records = [];
  }
  await check();
  if (reader.rows === 0) throw new TruthError('file-cut-short', `${name} has no row. ${renameCure}`);
  if (format !== 'netbox' && !lineEnds.includes(lastByte))
    throw new TruthError('file-cut-short', `${name} ends within a line. ${renameCure}`);
  if (records.length > 0) await hand(records);
  const { rows, rejected } = reader;
  const told = { file: { ...facts, sha256: hash.digest('hex') }, rows, rejected };
  return { ...told, passedOver, rejects: rejects.told, unread: [...file.unread] };
}
