import { writeFileSync } from 'node:fs';
import { CliError, type CommandIo, exitCode } from '../../cli/command.js';
import { Progress } from '../../cli/progress.js';
import { type BillingFact, eventOf } from './billing-fact.js';
import { closingFacts, inOrder } from './closing-facts.js';
import { type CompareReport, CompareTally } from './compare-report.js';
import { Comparison } from './comparison.js';
import type { Difference } from './differences.js';
import { ImportReader } from './import-reader.js';
import type { AskedServers } from './known-servers.js';
import type { Clock } from './read-record.js';
import { RejectsFile } from './rejects-file.js';
import type { Row, RowFile } from './row.js';

export interface CompareWanted {
  readonly name: string;
  readonly file: RowFile;
  readonly size: number | undefined;
  readonly clock: Clock;
  readonly known: AskedServers;
  /** Where to write the events that would close the gap, and as which source. */
  readonly emit: { readonly file: string; readonly source: string } | undefined;
  readonly rejectsFile: string | undefined;
}

/** Holds a whole file against the map and tells what differs; publishes nothing. */
export async function runCompare(wanted: CompareWanted, io: CommandIo): Promise<CompareReport> {
  const { name, file, size, clock, known, emit } = wanted;
  const comparison = new Comparison(known);
  const tally = new CompareTally();
  const mendable = wanted.rejectsFile === undefined ? undefined : new RejectsFile(wanted.rejectsFile, file.header);
  const progress = new Progress(io, 'rows');
  const reader = new ImportReader({
    file,
    clock,
    needsSince: false,
    onReject: (row, rejects) => {
      comparison.passOver(String(row.fields.get('server')));
      tally.reject(rejects);
      mendable?.add(
        row,
        rejects.map(({ column, reason }) => (column === undefined ? reason : `${column}: ${reason}`)),
      );
    },
    onRow: ({ number, bytesRead }: Row) => progress.show(number, size === undefined ? undefined : bytesRead / size),
  });
  for await (const { record } of reader.records()) tally.take(comparison.take(record));
  progress.clear();
  if (reader.rows === 0) throw new CliError(exitCode.error, `${name} has no row; it is not billing's whole truth.`);
  for (const one of comparison.extras()) tally.take(one);
  const { rejected } = reader;
  const isWhole = rejected === 0;
  if (emit !== undefined && isWhole) await writeClosing(tally.differences, known, clock, emit);
  const head = { file: name, ordinal: known.ordinal, rows: reader.rows, compared: comparison.compared, rejected };
  return tally.report({ ...head, unread: [...file.unread], emitted: emit !== undefined && isWhole });
}

/** @throws CliError where the file cannot be written */
async function writeClosing(
  differences: readonly Difference[],
  known: AskedServers,
  { now, since = now }: Clock,
  { file, source }: NonNullable<CompareWanted['emit']>,
): Promise<void> {
  const facts: BillingFact[] = [];
  for (const one of differences) {
    const found = one.kind === 'missing' ? await known.find(one.serverId) : undefined;
    facts.push(...closingFacts(one, since, found));
  }
  try {
    writeFileSync(
      file,
      inOrder(facts)
        .map((fact) => `${JSON.stringify(eventOf(fact, source))}\n`)
        .join(''),
    );
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new CliError(exitCode.error, `The events cannot be written to ${file} (${code}). Name another file.`);
  }
}
