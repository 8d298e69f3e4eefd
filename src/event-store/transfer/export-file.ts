import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory } from '../embedded/log-file.js';
import { exportLines } from './export-lines.js';
import type { ExportTarget } from './export-log.js';
import { type ExportedEvent, type ExportHeader, readEventLine, readHeader } from './exported-log.js';

/** The file cannot take this export. */
export class ExportFileTaken extends Error {
  constructor(file: string, why: string) {
    super(`${file} ${why}: name another file, or move it away.`);
    this.name = 'ExportFileTaken';
  }
}

/**
 * An export on disk. It grows under the name `FILE.partial` and gets its own name when it is complete and synced, so that
 * a file with that name is a whole export. An interrupted one goes on after its last whole line.
 */
export class ExportFile implements ExportTarget {
  readonly begun: ExportHeader | undefined;
  private readonly headerEnd: number;
  private readonly descriptor: number;

  private constructor(
    private readonly file: string,
    private readonly partial: string,
    header: { readonly header: ExportHeader; readonly end: number } | undefined,
  ) {
    this.begun = header?.header;
    this.headerEnd = header?.end ?? 0;
    this.descriptor = openSync(partial, header === undefined ? 'w' : 'a', 0o600);
  }

  /** Rejects with ExportFileTaken where the file is complete already, or something else stands in the way. */
  static async open(file: string): Promise<ExportFile> {
    const partial = `${file}.partial`;
    if (existsSync(file)) throw new ExportFileTaken(file, 'is there already');
    if (!existsSync(partial)) return new ExportFile(file, partial, undefined);
    for await (const line of exportLines(createReadStream(partial))) {
      const header = line.isWhole ? readHeader(line.text) : undefined;
      if (header !== undefined) return new ExportFile(file, partial, { header, end: line.end });
      // What was cut off in its first line holds nothing yet.
      if (line.isWhole || !'{"portledger":"log"'.startsWith(line.text.slice(0, 19)))
        throw new ExportFileTaken(partial, 'is no unfinished export');
    }
    return new ExportFile(file, partial, undefined);
  }

  /** Cuts off what follows the last whole line that is the event that must stand there. */
  async *taken(from: number): AsyncGenerator<ExportedEvent> {
    if (this.begun === undefined) return;
    let end = this.headerEnd;
    let next = from;
    for await (const line of exportLines(createReadStream(this.partial, { start: this.headerEnd }))) {
      const event = line.isWhole ? readEventLine(line.text) : undefined;
      if (event?.ordinal !== next) break;
      yield event;
      end = this.headerEnd + line.end;
      next++;
    }
    ftruncateSync(this.descriptor, end);
  }

  write(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    for (let at = 0; at < bytes.length;) at += writeSync(this.descriptor, bytes, at);
  }

  /** Gives the complete export its name, durably. */
  complete(): void {
    fsyncSync(this.descriptor);
    renameSync(this.partial, this.file);
    syncDirectory(dirname(this.file));
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
