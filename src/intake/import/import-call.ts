import { parseInstant } from '../../../events/index.js';
import { CliError, type CommandInput, exitCode, type ExitCode, type OptionValues } from '../../cli/command.js';
import { didYouMean } from '../../config/nearest.js';
import { EngineClient } from '../../cli/engine-client.js';
import { Progress } from '../../cli/progress.js';
import { columnOf } from './columns.js';
import { runCompare } from './compare-run.js';
import { type ImportWanted, runImport } from './import-run.js';
import { type AskedServers, askEngine, foldLog } from './known-servers.js';
import { openChunks, openRows, type RowFormat, rowFormats } from './open-rows.js';
import { renderCompare } from './render-compare.js';
import { renderImport } from './render-import.js';
import type { OpenLog } from './import.command.js';

/** Does what a call of `portledger import` asks for; loaded when it is asked for more than its help. */
export async function importCall(input: CommandInput, openLog: OpenLog): Promise<ExitCode> {
  const { options, io } = input;
  const { format, name } = fileOf(input);
  const compares = options.flag('compare');
  checkTogether(options, compares);
  const { chunks, size } = openChunks(name, io);
  const file = await openRows(format, name, chunks);
  const clock = { now: Date.now(), since: timeOf(options) };
  const given = { name, file, size, clock, rejectsFile: options.text('rejects') };
  return compares ? compare(input, given, openLog) : publish(input, given);
}

type Given = Pick<ImportWanted, 'name' | 'file' | 'size' | 'clock' | 'rejectsFile'>;

async function publish(input: CommandInput, given: Given): Promise<ExitCode> {
  const { options, io } = input;
  const { header } = given.file;
  if (given.clock.since === undefined && header.length > 0 && !header.some((one) => columnOf(one) === 'since'))
    throw new CliError(
      exitCode.usage,
      `${given.name} has no column since: say since when it is true with --time TIME.`,
    );
  const publishes = options.flag('publish');
  const engine =
    publishes || options.flag('check')
      ? { source: sourceOf(options), client: EngineClient.from(options, io) }
      : undefined;
  const report = await runImport({ ...given, engine, publishes }, io);
  io.out(`${options.flag('json') ? JSON.stringify(report) : renderImport(report)}\n`);
  return report.rejected > 0 ? exitCode.error : exitCode.ok;
}

async function compare(input: CommandInput, given: Given, openLog: OpenLog): Promise<ExitCode> {
  const { options, io } = input;
  const emitFile = options.text('emit');
  const emit = emitFile === undefined ? undefined : { file: emitFile, source: sourceOf(options) };
  const report = await runCompare({ ...given, known: await knownServers(input, openLog), emit }, io);
  io.out(`${options.flag('json') ? JSON.stringify(report) : renderCompare(report)}\n`);
  if (report.rejected > 0) return exitCode.error;
  return report.differences.length > 0 ? exitCode.differences : exitCode.ok;
}

async function knownServers({ options, io }: CommandInput, openLog: OpenLog): Promise<AskedServers> {
  const data = options.text('data');
  if (data === undefined) {
    const progress = new Progress(io, 'servers of the map');
    const asked = await askEngine(EngineClient.from(options, io), (count) => progress.show(count, undefined));
    progress.clear();
    return asked;
  }
  const log = await openLog(data);
  try {
    return await foldLog(log);
  } finally {
    await log.close();
  }
}

function checkTogether(options: OptionValues, compares: boolean): void {
  const refused = compares
    ? ['publish', 'check'].filter((name) => options.flag(name))
    : ['emit', 'data'].filter((name) => options.text(name) !== undefined);
  const [first] = refused;
  if (first !== undefined)
    throw new CliError(exitCode.usage, `--${first} does not go ${compares ? 'with' : 'without'} --compare.`);
  if (options.text('data') !== undefined && options.text('url') !== undefined)
    throw new CliError(exitCode.usage, '--data and --url name two sources: give only one of them.');
}

function fileOf({ positionals }: CommandInput): { readonly format: RowFormat; readonly name: string } {
  const [format, name, ...more] = positionals;
  const known = rowFormats.find((one) => one === format);
  if (known === undefined || name === undefined || more.length > 0) {
    const found =
      format === undefined || known !== undefined
        ? ''
        : ` There is no format ${format}.${didYouMean(format, rowFormats)}`;
    throw new CliError(
      exitCode.usage,
      `Name a format and one file: portledger import ${rowFormats.join('|')} FILE.${found}`,
    );
  }
  return { format: known, name };
}

function sourceOf(options: OptionValues): string {
  const source = options.text('source');
  if (source !== undefined) return source;
  throw new CliError(exitCode.usage, 'No source: name the one that the token is bound to with --source.');
}

/** What --time says. Nothing is published as of the moment of the call: another call would then say another thing. */
function timeOf(options: OptionValues): number | undefined {
  const text = options.text('time');
  if (text === undefined) return undefined;
  const time = parseInstant(text);
  if (time !== undefined) return time;
  throw new CliError(exitCode.usage, `--time: found ${text}, expected RFC 3339 with a zone: 2026-01-31T00:00:00Z.`);
}
