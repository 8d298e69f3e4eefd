import { parseInstant } from '../../../events/index.js';
import {
  CliError,
  type Command,
  type CommandInput,
  exitCode,
  type ExitCode,
  type OptionValues,
} from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { columnNames, columnOf, columns } from './columns.js';
import { runImport } from './import-run.js';
import { openChunks, openRows, type RowFormat, rowFormats } from './open-rows.js';
import { renderImport } from './render-import.js';

async function run(input: CommandInput): Promise<ExitCode> {
  const { options, io } = input;
  const { format, name } = fileOf(input);
  const publishes = options.flag('publish');
  const clock = { now: Date.now(), since: timeOf(options) };
  const engine = publishes || options.flag('check') ? engineOf(input) : undefined;
  const { chunks, size } = openChunks(name, io);
  const file = await openRows(format, name, chunks);
  if (clock.since === undefined && file.header.length > 0 && !file.header.some((one) => columnOf(one) === 'since'))
    throw new CliError(exitCode.usage, `${name} has no column since: say since when it is true with --time TIME.`);
  const rejectsFile = options.text('rejects');
  const report = await runImport({ name, file, size, clock, engine, publishes, rejectsFile }, io);
  io.out(`${options.flag('json') ? JSON.stringify(report) : renderImport(report)}\n`);
  return report.rejected > 0 ? exitCode.error : exitCode.ok;
}

function fileOf({ positionals }: CommandInput): { readonly format: RowFormat; readonly name: string } {
  const [format, name, ...more] = positionals;
  const known = rowFormats.find((one) => one === format);
  if (known === undefined || name === undefined || more.length > 0) {
    const found = format === undefined || known !== undefined ? '' : ` There is no format ${format}.`;
    throw new CliError(
      exitCode.usage,
      `Name a format and one file: portledger import ${rowFormats.join('|')} FILE.${found}`,
    );
  }
  return { format: known, name };
}

function engineOf({ options, io }: CommandInput): { client: EngineClient; source: string } {
  const source = options.text('source');
  if (source === undefined)
    throw new CliError(exitCode.usage, 'No source: name the one that the token is bound to with --source.');
  return { client: EngineClient.from(options, io), source };
}

/** What --time says. Never the moment of the call: another call would then say another thing, under another id. */
function timeOf(options: OptionValues): number | undefined {
  const text = options.text('time');
  if (text === undefined) return undefined;
  const time = parseInstant(text);
  if (time !== undefined) return time;
  throw new CliError(exitCode.usage, `--time: found ${text}, expected RFC 3339 with a zone: 2026-01-31T00:00:00Z.`);
}

const width = Math.max(...columnNames.map((name) => name.length));

export const importCommand: Command = {
  usage: [
    'portledger import csv|ndjson FILE [--time TIME] [--rejects FILE] [--json]',
    'portledger import csv|ndjson FILE --publish --source URI [--time TIME] [--rejects FILE] [--url URL] [--token-file FILE]',
  ],
  notes: [
    'Without --publish nothing is published: it says what would be, which rows are rejected and why, and which contest a claim.',
    'An event is named by what it says, so a second run of the same file stores nothing twice; run it again after any interruption.',
    '',
    'Columns, in any order, case and spelling (server_id, "MAC address"); ndjson has one object a line with the same names:',
    ...columnNames.map((name) => `  ${name.padEnd(width)}  ${columns[name].says}`),
  ],
  exitCodes: ['notFound', 'unreachable', 'interrupted'],
  options: {
    publish: { type: 'boolean', help: 'publish it; without this it is a dry run' },
    check: { type: 'boolean', help: 'ask the engine what it would answer; nothing is stored' },
    time: { type: 'string', value: 'TIME', help: 'since when a row is true that does not say so itself' },
    rejects: { type: 'string', value: 'FILE', help: 'write the rejected rows there, with reasons, to mend and import' },
    source: { type: 'string', value: 'URI', help: 'the source that the token is bound to' },
    ...engineOptions,
    json: { type: 'boolean', help: 'write one JSON object' },
  },
  run,
};
