import type { LogCopy } from '../event-store.port.js';
import type { ExportLine } from './export-lines.js';
import { ExportDamaged, type ExportedEvent, type ExportHeader, readEventLine, readHeader } from './exported-log.js';

const batchEvents = 1000;
const batchBytes = 4 * 1024 * 1024;

/** Reads an export line by line and refuses one that is not whole, in order and as long as its header says. */
export class ExportReader {
  private constructor(
    readonly header: ExportHeader,
    private readonly lines: AsyncIterator<ExportLine>,
    private readonly name: string,
  ) {}

  /** `name` is what messages call the file. Rejects with ExportDamaged for a file that is no export. */
  static async open(lines: AsyncGenerator<ExportLine>, name: string): Promise<ExportReader> {
    const first = await lines.next();
    const header = first.done === true ? undefined : readHeader(first.value.text);
    if (header === undefined) {
      const expected = 'expected {"portledger":"log","version":1,...}, the header that portledger log export writes';
      throw new ExportDamaged(`${name}:1`, `it is no export of a log, ${expected}`);
    }
    return new ExportReader(header, lines, name);
  }

  async *events(): AsyncGenerator<{ readonly event: ExportedEvent; readonly end: number; readonly bytes: number }> {
    const { from, head } = this.header;
    let next = from;
    let before = 0;
    for (let read = await this.lines.next(); read.done !== true; read = await this.lines.next()) {
      const { text, number, end, isWhole } = read.value;
      const where = `${this.name}:${number}`;
      if (next === head.size)
        throw new ExportDamaged(where, `the header says that #${head.size - 1} is the last event`);
      const event = isWhole ? readEventLine(text) : undefined;
      if (event === undefined) throw new ExportDamaged(where, `expected event #${next} in one whole line`);
      if (event.ordinal !== next)
        throw new ExportDamaged(where, `found event #${event.ordinal}, expected #${next}: lines are missing or moved`);
      yield { event, end, bytes: end - before };
      before = end;
      next++;
    }
    if (next < head.size) {
      const found = `the file ends before event #${next} of ${head.size}: it was cut off`;
      throw new ExportDamaged(this.name, found);
    }
  }
}

export interface RestoreOptions {
  readonly isStopped: () => boolean;
  /** Events stored now, and how far the file has been read. */
  readonly onProgress: (done: number, bytesRead: number) => void;
}

/**
 * Adds what the copy lacks and ends it; false when it was stopped before. Rejects with ExportDamaged for a file that is
 * not as it must be, and with the copy's own StoreError `copy-differs` where its events do not add up to the header's root.
 */
export async function restoreLog(reader: ExportReader, copy: LogCopy, options: RestoreOptions): Promise<boolean> {
  const held = copy.size;
  let batch: ExportedEvent[] = [];
  let bytesWaiting = 0;
  let done = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await copy.add(batch.map((event) => ({ ...event, position: String(event.ordinal) })));
    done += batch.length;
    [batch, bytesWaiting] = [[], 0];
  };
  for await (const { event, end, bytes } of reader.events()) {
    if (event.ordinal < held) continue;
    batch.push(event);
    bytesWaiting += bytes;
    if (batch.length < batchEvents && bytesWaiting < batchBytes) continue;
    await flush();
    options.onProgress(done, end);
    if (options.isStopped()) return false;
  }
  await flush();
  await copy.finish(reader.header.head);
  return true;
}
