import { CliError, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { printable } from '../../cli/text-table.js';
import { messageFormat, parseMessages } from '../messages/message-file.js';
import { readShown, ShownTextError } from './read-shown.js';
import type { TableFormat, UnparsedLine } from './table-entry.js';
import { detectFormat, tableFormats } from './table-formats.js';
import { printEntries } from './table-printer.js';

const mostShown = 50;

/** Prints what is understood of the text in a file; loaded when `portledger sensor parse` is asked for more than its help. */
export async function parseShown(file: string, input: CommandInput): Promise<ExitCode> {
  return parse(await textOf(file, input), input.options.text('format') ?? 'auto', input);
}

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
