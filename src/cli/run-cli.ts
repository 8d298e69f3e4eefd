import { parseArgs } from 'node:util';
import { didYouMean } from '../config/nearest.js';
import { refuseOthers } from './closed-values.js';
import {
  CliError,
  type Command,
  type CommandIo,
  type CommandOption,
  endsOf,
  exitCode,
  type ExitCode,
  exitCure,
  exitMeaning,
  type ExitName,
  OptionValues,
  type Verb,
} from './command.js';
import { looking, lookOf } from './look.js';
import { withMoments } from './moment.js';
import { textTable } from './text-table.js';

/** What every verb takes. */
export const commonOptions = {
  local: {
    type: 'boolean',
    help: 'times also as the clock here shows them; a terminal gets them so where TZ is not UTC',
  },
  'no-color': { type: 'boolean', help: 'no colour; there is none in a pipe either (NO_COLOR, FORCE_COLOR)' },
  help: { type: 'boolean', short: 'h', help: 'show this help' },
} as const satisfies Record<string, CommandOption>;

/** Runs one call of `portledger` and answers its exit code. Never throws for what a user or the world did wrong. */
export async function runCli(verbs: readonly Verb[], args: readonly string[], io: CommandIo): Promise<ExitCode> {
  try {
    const [name, ...rest] = args;
    if (name === 'help' && rest[0] === 'exit-codes') {
      io.out(`${exitCodesHelp()}\n`);
      return exitCode.ok;
    }
    if (name === 'help' && rest.length > 0) return await runCli(verbs, [...rest, '--help'], io);
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      if (name === undefined) io.err(globalHelp(verbs));
      else io.out(globalHelp(verbs));
      return name === undefined ? exitCode.usage : exitCode.ok;
    }
    const verb = verbs.find((one) => one.name.split(' ').every((word, index) => args[index] === word));
    if (verb !== undefined) return await runVerb(verb, args.slice(verb.name.split(' ').length), io);
    const group = verbs.filter((one) => one.name.startsWith(`${name} `));
    if (group.length > 0) return askForMore(name, group, rest[0], io);
    const guess = didYouMean(
      name,
      verbs.flatMap((one) => one.name.split(' ', 1)),
    );
    throw new CliError(exitCode.usage, `There is no verb ${name}.${guess} See portledger --help.`);
  } catch (error) {
    io.err(`portledger: ${error instanceof CliError ? error.message : describe(error)}\n`);
    return error instanceof CliError ? error.exitCode : exitCode.error;
  }
}

/** A first word that several verbs share was called without a second one that any of them has. */
function askForMore(name: string, group: readonly Verb[], word: string | undefined, io: CommandIo): ExitCode {
  if (word === undefined || word.startsWith('-')) {
    const isAsked = word === '--help' || word === '-h';
    if (isAsked) io.out(groupHelp(name, group));
    else io.err(groupHelp(name, group));
    return isAsked ? exitCode.ok : exitCode.usage;
  }
  const words = group.map((one) => one.name.slice(name.length + 1));
  const known = `expected ${name} with one of ${words.join(', ')}`;
  throw new CliError(exitCode.usage, `There is no verb ${name} ${word}: ${known}.${didYouMean(word, words)}`);
}

async function runVerb(verb: Verb, args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const command = await verb.load();
  const { values, positionals } = parse(verb, { ...command.options, ...commonOptions }, args);
  if (values['help'] === true) {
    io.out(verbHelp(verb, command, positionals[0]));
    return exitCode.ok;
  }
  const { env, outIsTerminal = false } = io;
  const wish = { noColor: values['no-color'] === true, local: values['local'] === true, outIsTerminal, env };
  await refuseOthers(values, command.options);
  const options = new OptionValues(withMoments(values, command.options, io));
  return looking(lookOf(wish), () => command.run({ options, positionals, io }));
}

function parse(
  verb: Verb,
  options: Readonly<Record<string, CommandOption>>,
  args: readonly string[],
): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const unknown = /Unknown option '--?([^']+)'/.exec((error as Error).message)?.[1];
    const reason =
      unknown === undefined
        ? (error as Error).message
        : `There is no option --${unknown}.${didYouMean(unknown, Object.keys(options))}`;
    throw new CliError(exitCode.usage, `${reason} See portledger ${verb.name} --help.`);
  }
}

function listOf(verbs: readonly Verb[]): string[] {
  const width = Math.max(...verbs.map((verb) => verb.name.length));
  return verbs.flatMap((verb) => [
    `  ${verb.name.padEnd(width)}  ${verb.summary}`,
    ...verb.examples.map((example) => `  ${' '.repeat(width)}    $ ${example}`),
  ]);
}

function groupHelp(name: string, group: readonly Verb[]): string {
  const usage = `Usage: portledger ${name} ${group.map((verb) => verb.name.slice(name.length + 1)).join('|')} [OPTIONS]`;
  return [usage, '', ...listOf(group), '', 'With --help each shows its options, and how it can end.', ''].join('\n');
}

/** What most people come for stands on the first screen, as they can type it. */
const firstQuestions = [
  'Ask first:',
  "  $ portledger audit who-had 203.0.113.7 --at 'last tuesday 03:14'  # who had this address then",
  "  $ portledger audit explain 203.0.113.7 --at 'yesterday 14:00'     # and why, and what each device was told",
  '  $ portledger map --ip 203.0.113.7                                 # who has it now',
  "  $ portledger violations --since '12h ago'                         # what was heard that billing did not sell",
  '  An engine answers: --url says where, --token-file who asks. map and audit also answer from a copy of its data: --offline DIR.',
];

function globalHelp(verbs: readonly Verb[]): string {
  return [
    'portledger: what billing sold, made true in the network',
    '',
    'Usage: portledger VERB [OPTIONS]',
    '',
    ...firstQuestions,
    '',
    ...listOf(verbs),
    '',
    'portledger VERB --help shows the options of a verb, and how it can end; portledger help exit-codes, what each end means.',
    'Answers go to stdout, all else to stderr. Times are in UTC; on a terminal, or with --local, the time here stands behind. What goes into a pipe or is JSON is UTC alone.',
    'PORTLEDGER_CONFIG, PORTLEDGER_URL and PORTLEDGER_TOKEN_FILE in the environment stand for --config, --url and --token-file.',
    '',
  ].join('\n');
}

/** Of the whole verb, or of the one of its own words that was named. */
function verbHelp(verb: Verb, command: Command, word: string | undefined): string {
  const part = word === undefined ? undefined : command.helpOf?.(word);
  const { usage, options } = part ?? command;
  const { notes = [] } = command;
  const own = verb.examples.filter((example) => example.startsWith(`portledger ${verb.name} ${word} `));
  const examples = part === undefined || own.length === 0 ? verb.examples : own;
  const named: Readonly<Record<string, CommandOption>> = { ...options, ...commonOptions };
  const rows = Object.entries(named).map(([name, option]) => {
    const short = option.short === undefined ? '' : `-${option.short}, `;
    return [`${short}--${name}${option.value === undefined ? '' : ` ${option.value}`}`, option.help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    verb.summary,
    '',
    ...usage.map((line, index) => `${index === 0 ? 'Usage:' : '      '} ${line}`),
    '',
    ...(notes.length === 0 ? [] : [...notes, '']),
    'Options:',
    ...rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`),
    '',
    'Examples:',
    ...examples.map((example) => `  $ ${example}`),
    '',
    `Exit codes: ${endsOf(command)
      .map((end) => `${exitCode[end]} ${exitMeaning[end]}`)
      .join('; ')}`,
    '',
  ].join('\n');
}

/** What each exit code means, and what a script may do about it. */
function exitCodesHelp(): string {
  const rows = (Object.keys(exitCode) as ExitName[]).map((name) => [
    String(exitCode[name]),
    exitMeaning[name],
    exitCure[name],
  ]);
  return textTable([['CODE', 'MEANS', 'WHAT TO DO'], ...rows]);
}

/** Our own named errors say all there is to say; anything else is a defect and shows where it came from. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.constructor === Error || error instanceof TypeError ? (error.stack ?? error.message) : error.message;
}
