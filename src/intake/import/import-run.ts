import { CliError, type CommandIo, exitCode } from '../../cli/command.js';
import type { EngineClient } from '../../cli/engine-client.js';
import { Interrupt } from '../../cli/interrupt.js';
import { Progress } from '../../cli/progress.js';
import type { ImportedType } from './billing-fact.js';
import { ImportReader } from './import-reader.js';
import { type ImportReport, mostTold, Rejects } from './import-report.js';
import type { Clock } from './read-record.js';
import { factsOf } from './record-facts.js';
import { RejectsFile } from './rejects-file.js';
import type { Reject, Row, RowFile } from './row.js';
import { Sending } from './sending.js';
import { type FileConflict, WouldBeMap } from './would-be-map.js';

export interface ImportWanted {
  readonly name: string;
  readonly file: RowFile;
  /** Bytes of the file, where they are known. */
  readonly size: number | undefined;
  readonly clock: Clock;
  /** The engine to send to, as which source; only asked where `publishes` is false. */
  readonly engine: { readonly client: EngineClient; readonly source: string } | undefined;
  readonly publishes: boolean;
  readonly rejectsFile: string | undefined;
}

/** Reads a file to its end and tells what it would publish; publishes it where that is wanted. */
export async function runImport(wanted: ImportWanted, io: CommandIo): Promise<ImportReport> {
  const { name, file, clock, engine, publishes, size } = wanted;
  const told = new Rejects();
  const mendable = wanted.rejectsFile === undefined ? undefined : new RejectsFile(wanted.rejectsFile, file.header);
  const reject = (row: Row, rejects: readonly Reject[]): void => {
    told.add(rejects);
    const reasons = rejects.map(({ column, reason }) => (column === undefined ? reason : `${column}: ${reason}`));
    mendable?.add(row, reasons);
  };
  let refusedRows = 0;
  const interrupt = new Interrupt();
  const refuse = (row: Row, reasons: readonly string[]): void => {
    refusedRows++;
    reject(
      row,
      reasons.map((reason) => ({ row, column: undefined, reason })),
    );
  };
  const pause = (ms: number): Promise<void> => interrupt.pause(ms);
  const sending = engine && new Sending(engine.client, engine.source, !publishes, refuse, pause);
  const progress = new Progress(io, 'rows');
  const onRow = ({ number, bytesRead }: Row): void =>
    progress.show(number, size === undefined ? undefined : bytesRead / size);
  const reader = new ImportReader({ file, clock, needsSince: true, onReject: reject, onRow });
  const events: Partial<Record<ImportedType, number>> = {};
  const map = publishes ? undefined : new WouldBeMap();
  let servers = 0;
  try {
    for await (const { row, record } of reader.records()) {
      if (interrupt.wanted) throw new CliError(exitCode.interrupted, `Interrupted at ${row.place}.`);
      servers++;
      const facts = factsOf(record, record.since ?? clock.now);
      for (const fact of facts) {
        events[fact.type] = (events[fact.type] ?? 0) + 1;
        map?.add(fact);
      }
      await sending?.add(row, facts);
    }
    await sending?.flush();
  } catch (error) {
    await sending?.settled();
    progress.clear();
    if (!(error instanceof CliError) || !publishes) throw error;
    const done = `Acknowledged so far: ${sending?.acknowledged ?? 0} events.`;
    const cure = 'Run the same again to go on; what is stored is not stored twice.';
    throw new CliError(error.exitCode, `${error.message}\n${done} ${cure}`);
  } finally {
    interrupt.end();
  }
  progress.clear();
  const conflicts = firstOf(map?.conflicts() ?? []);
  return {
    file: name,
    dryRun: !publishes,
    rows: reader.rows,
    servers,
    events,
    rejected: reader.rejected + refusedRows,
    rejects: told.told,
    conflicts: conflicts.first,
    conflictsInAll: conflicts.count,
    unread: [...file.unread],
    ...(file.fates && { fates: file.fates }),
    ...(sending && { engine: countsOf(sending) }),
  };
}

function countsOf({ acknowledged, refused, conflicted, limitedSeconds }: Sending): NonNullable<ImportReport['engine']> {
  return { acknowledged, refused, conflicted, limitedSeconds };
}

function firstOf(all: Iterable<FileConflict>): { readonly first: readonly FileConflict[]; readonly count: number } {
  const first: FileConflict[] = [];
  let count = 0;
  for (const one of all) if (++count <= mostTold) first.push(one);
  return { first, count };
}
