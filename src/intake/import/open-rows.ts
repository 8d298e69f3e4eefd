import { createReadStream, statSync } from 'node:fs';
import { CliError, type CommandIo, exitCode } from '../../cli/command.js';
import { openCsv } from './csv-rows.js';
import { openNdjson } from './ndjson-rows.js';
import { openNetbox } from './netbox/open-netbox.js';
import type { RowFile } from './row.js';

/** Formats that servers may come in. */
export const rowFormats = ['csv', 'ndjson', 'netbox'] as const;
export type RowFormat = (typeof rowFormats)[number];

/** A file, `-` for standard input, and its size in bytes where that is known. @throws CliError */
export function openChunks(
  file: string,
  io: Pick<CommandIo, 'stdin'>,
): { readonly chunks: AsyncIterable<Uint8Array>; readonly size: number | undefined } {
  if (file === '-') return { chunks: io.stdin, size: undefined };
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new CliError(exitCode.notFound, `There is no file ${file}.`);
  if (stats.isDirectory()) throw new CliError(exitCode.usage, `${file} is a directory, expected a file.`);
  return { chunks: createReadStream(file), size: stats.size };
}

/** Opens rows in their format. @throws CliError where the file has no header that can be used */
export async function openRows(format: RowFormat, file: string, chunks: AsyncIterable<Uint8Array>): Promise<RowFile> {
  switch (format) {
    case 'csv':
      return openCsv(file, chunks);
    case 'ndjson':
      return openNdjson(chunks);
    case 'netbox':
      return openNetbox(file, chunks);
  }
}
