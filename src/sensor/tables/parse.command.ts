import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { printable } from '../../cli/text-table.js';
import { messageFormat, parseMessages } from '../messages/message-file.js';
import { readShown, ShownTextError } from './read-shown.js';
import type { TableFormat, UnparsedLine } from './table-entry.js';
import { detectFormat, tableFormats } from './table-formats.js';
import { printEntries } from './table-printer.js';

const mostShown = 50;

/** `portledger sensor parse FILE`: what the sensor understands of a table or of messages that a device showed, without an engine. */
export const parseCommand: Command = {
  usage: ['portledger sensor parse [--format NAME] FILE [--json]   a line for each row that a device showed'],
  notes: [
    'Asks no engine and needs no token. FILE is what a device printed, or - for standard input; `sensor formats` names the formats.',
    'Lines that are not understood are listed on stderr by their number; then it ends with 1, as does a format that cannot be told.',
  ],
  options: {
    format: {
      type: 'string',
      value: 'NAME',
      among: async () => (await import('./shown-formats.js')).shownFormats,
      help: 'the format of the text; auto, the default, finds it out; `sensor formats` shows them',
    },
    json: { type: 'boolean', help: 'write JSON, one object a row' },
  },
  run: async (input) => {
    const [file, ...more] = input.positionals;
    if (file === undefined || more.length > 0)
      throw new CliError(exitCode.usage, 'sensor parse: expected the name of one file, or -.');
    const wanted = input.options.text('format') ?? 'auto';
    return parse(await textOf(file, input), wanted, input);
  },
};

async function textOf(file: string, { io }: CommandInput): Promise<string> {
  try {
    return await readShown(file, io.stdin);
  } catch (error) {
    if (error instanceof ShownTextError) throw new CliError(exitCode.error, error.message);
    throw error;
  }
}

function parse(text: string, wanted: string, input: CommandInput): ExitCode {
  if (wanted === messageFormat.name) return printMessages(text, input);
  if (wanted === 'auto') {
    const { format, closest } = detectFormat(text);
    if (format === undefined && parseMessages(text).messages.length > 0) {
      input.io.err(`Taken for ${messageFormat.name}.\n`);
      return printMessages(text, input);
    }
    if (format === undefined) throw new CliError(exitCode.error, whyNone(text, closest));
    input.io.err(`Taken for ${format.name} (${format.vendor}).\n`);
    return printTable(text, format, input);
  }
  const format = tableFormats.find(({ name }) => name === wanted);
  return format === undefined ? exitCode.usage : printTable(text, format, input);
}

function whyNone(text: string, closest: ReturnType<typeof detectFormat>['closest']): string {
  if (text.trim() === '') return 'The text is empty, so its format cannot be told; name it with --format.';
  const names = closest.map(({ format, score }) => `${format.name} (${Math.round(score * 100)} %)`).join(', ');
  if (names === '') return 'No format is like this text; "portledger sensor formats" shows what is understood.';
  return `The format cannot be told; the closest are ${names}. Name one with --format.`;
}

function printTable(text: string, format: TableFormat, { options, io }: CommandInput): ExitCode {
  const { entries, unparsed } = format.parse(text);
  const asJson = options.flag('json');
  for (let start = 0; start < entries.length; start += 10_000) {
    const some = entries.slice(start, start + 10_000);
    io.out(asJson ? some.map((entry) => `${JSON.stringify(entry)}\n`).join('') : printEntries(some));
  }
  return reportUnparsed(unparsed, entries.length, io);
}

function printMessages(text: string, { options, io }: CommandInput): ExitCode {
  const { messages, others } = parseMessages(text);
  for (const { line, said, ...message } of messages)
    io.out(
      options.flag('json')
        ? `${JSON.stringify({ line, said, ...message })}\n`
        : `${line}  ${said}  ${describe(message)}\n`,
    );
  io.err(`${messages.length} messages about ARP, ND or a MAC; ${others} lines about something else.\n`);
  return exitCode.ok;
}

function describe(fields: object): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${printable(String(value))}`)
    .join(' ');
}

function reportUnparsed(unparsed: readonly UnparsedLine[], rows: number, io: CommandInput['io']): ExitCode {
  if (unparsed.length === 0) return exitCode.ok;
  for (const { line, text } of unparsed.slice(0, mostShown))
    io.err(`line ${line} is not understood: ${printable(text)}\n`);
  const rest = unparsed.length > mostShown ? `, the first ${mostShown} are shown` : '';
  io.err(`${rows} rows; ${unparsed.length} lines are not understood${rest}.\n`);
  return exitCode.error;
}
