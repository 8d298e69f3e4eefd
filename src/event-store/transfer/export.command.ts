import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { Interrupt } from '../../cli/interrupt.js';
import { givenPlace, type LogDoors, placeOptions } from '../../cli/log-place.js';
import { Progress } from '../../cli/progress.js';
import type { ExportFile } from './export-file.js';
import {
  ExportDiffers,
  exportLog,
  type Exported,
  type ExportTarget,
  NoSuchOrdinal,
  OtherExport,
} from './export-log.js';
import { EngineLog } from './engine-log.js';
import { type LogSource, NotOfThisLog, sourceOf } from './log-source.js';

/** `portledger log export`: the whole log as JSON lines. */
export function exportCommand(doors: LogDoors): Command {
  return {
    usage: ['portledger log export [FILE|-] [--data DIR | --config FILE | --url URL] [--from #N] [--json]'],
    notes: [
      'A header line with log id, size and root hash, then one line an event in RFC 8785 form. The end is fixed when it begins.',
      'It grows as FILE.partial and is renamed when it is complete, checked against the root, and synced.',
      'The same command again goes on with an export that was interrupted. Without FILE, or with -, it goes to standard output.',
    ],
    exitCodes: ['notFound', 'conflict', 'verificationFailed', 'unreachable', 'interrupted'],
    options: {
      from: { type: 'string', value: '#N', help: 'begin with the event of this ordinal; default the first' },
      ...placeOptions,
      ...engineOptions,
      json: { type: 'boolean', help: 'tell the end as one JSON object' },
    },
    run: (input) => run(input, doors),
  };
}

async function run(input: CommandInput, doors: LogDoors): Promise<ExitCode> {
  const { options, positionals } = input;
  const [file = '-', ...more] = positionals;
  if (more.length > 0) throw new CliError(exitCode.usage, `"${more.join(' ')}" is too much: name one file.`);
  const from = ordinalOf(options.text('from'));
  // With it comes what a data directory is written by, and no help shall wait for that.
  const { ExportFile, ExportFileTaken } = await import('./export-file.js');
  const source = await openSource(input, doors);
  try {
    if (file === '-') return await toStandardOutput(input, source, from);
    return await toFile(input, source, { target: await ExportFile.open(file), file, from });
  } catch (error) {
    if (error instanceof ExportDiffers) throw new CliError(exitCode.verificationFailed, error.message);
    if (error instanceof ExportFileTaken || error instanceof OtherExport)
      throw new CliError(exitCode.conflict, error.message);
    if (error instanceof NoSuchOrdinal) throw new CliError(exitCode.notFound, error.message);
    if (error instanceof NotOfThisLog)
      throw new CliError(exitCode.conflict, `${error.message} Remove the unfinished export, and begin anew.`);
    throw error;
  } finally {
    await source.close();
  }
}

async function toFile(
  input: CommandInput,
  source: LogSource,
  { target, file, from }: { readonly target: ExportFile; readonly file: string; readonly from: number },
): Promise<ExitCode> {
  const { options, io } = input;
  try {
    const exported = await exportTo(target, { input, source, from });
    const { header, next } = exported;
    if (!exported.isComplete) {
      io.err(
        `portledger: stopped before #${next} of ${header.head.size}; the same command again goes on from there.\n`,
      );
      return exitCode.interrupted;
    }
    target.complete();
    const { logId, head } = header;
    const told = { file, logId, from, size: head.size, root: head.root.toString('hex') };
    const said = `${head.size - from} events of log ${logId} exported to ${file}: size ${told.size}, root ${told.root}`;
    io.out(`${options.flag('json') ? JSON.stringify(told) : said}\n`);
    return exitCode.ok;
  } finally {
    target.close();
  }
}

async function toStandardOutput(input: CommandInput, source: LogSource, from: number): Promise<ExitCode> {
  const nothing = async function* (): AsyncGenerator<never> {};
  const target = { begun: undefined, taken: nothing, write: (text: string) => input.io.out(text) };
  const { isComplete, next, header } = await exportTo(target, { input, source, from });
  if (isComplete) return exitCode.ok;
  input.io.err(`portledger: stopped before #${next} of ${header.head.size}; this export is not whole.\n`);
  return exitCode.interrupted;
}

async function exportTo(
  target: ExportTarget,
  { input: { io }, source, from }: { readonly input: CommandInput; readonly source: LogSource; readonly from: number },
): Promise<Exported> {
  const interrupt = new Interrupt();
  const progress = new Progress(io, 'events');
  try {
    return await exportLog(source, target, {
      from,
      isStopped: () => interrupt.wanted,
      onResumed: (events, { head }) =>
        io.err(`Going on with an unfinished export: ${events} of ${head.size - from} events are there.\n`),
      onProgress: (done, all) => progress.show(done, done / all),
    });
  } finally {
    progress.clear();
    interrupt.end();
  }
}

async function openSource({ options, io }: CommandInput, doors: LogDoors): Promise<LogSource> {
  const place = givenPlace(options);
  if (place !== undefined) return sourceOf(await doors.openReader(place));
  const engine = EngineClient.from(options, io);
  return EngineLog.open((path) => engine.get(path));
}

function ordinalOf(text = '#0'): number {
  const ordinal = /^#?(\d{1,15})$/.exec(text)?.[1];
  if (ordinal !== undefined) return Number(ordinal);
  throw new CliError(exitCode.usage, `--from: found ${text}, expected an ordinal such as '#1200'.`);
}
