import { CliError, exitCode } from '../../../cli/command.js';
import type { Row, RowFile } from '../row.js';
import { readDump } from './netbox-dump.js';
import { serversOf } from './netbox-rows.js';

/** Reads a whole dump. @throws CliError for what is none */
export async function openNetbox(file: string, chunks: AsyncIterable<Uint8Array>): Promise<RowFile> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  const dump = readDump(Buffer.concat(pieces).toString('utf8'));
  if ('problem' in dump) throw new CliError(exitCode.error, `${file} is no dump of NetBox: ${dump.problem}.`);
  const { rows, fates } = serversOf(dump);
  return { header: [], unread: new Set(), rows: oneByOne(rows), fates };
}

async function* oneByOne(rows: readonly Row[]): AsyncGenerator<Row> {
  for (const row of rows) yield await Promise.resolve(row);
}
