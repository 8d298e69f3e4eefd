import type { Clock } from './clock.js';

/** What a verb ends with. */
export const exitCode = {
  ok: 0,
  error: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  differences: 5,
  verificationFailed: 6,
  unreachable: 7,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

export type ExitName = keyof typeof exitCode;

/** The same in words, for the help. */
export const exitMeaning: Readonly<Record<ExitName, string>> = {
  ok: 'done',
  error: 'an error, or something was refused',
  usage: 'called wrongly',
  notFound: 'not found',
  conflict: 'in conflict with what is there',
  differences: 'there are differences',
  verificationFailed: 'verification failed',
  unreachable: 'no engine answers',
  interrupted: 'interrupted',
};

/** What a script may do about it. */
export const exitCure: Readonly<Record<ExitName, string>> = {
  ok: 'go on',
  error: 'read stderr, it says what happened and the cure',
  usage: 'mend the call: the message names the word that is wrong',
  notFound: 'nothing is known under that name; the answer is complete',
  conflict: 'look again at what is there, then decide',
  differences: 'it was asked for differences, and stdout has them',
  verificationFailed: 'keep the files as they are and call somebody: the log is not what it was',
  unreachable: 'try again once the engine runs, or ask a copy with --offline',
  interrupted: 'the same call again goes on or begins anew; nothing half done is left under its name',
};

/** How every verb can end; `Command.exitCodes` adds to it. */
const commonEnds = ['ok', 'error', 'usage'] as const satisfies (keyof typeof exitCode)[];

/** Every way this command can end, by its name in `exitCode`. */
export function endsOf({ exitCodes = [] }: Command): readonly (keyof typeof exitCode)[] {
  return [...commonEnds, ...exitCodes];
}

/** The end of a verb that could not do what it was asked; the message says what happened and the cure. */
export class CliError extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
    this.name = 'CliError';
  }
}

/** One `--option` of a verb. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  /** What stands for the value in the help, such as `FILE`. */
  readonly value?: string;
  /** All that it can be, where that is known: another value is refused, and shells complete these. Loaded when needed. */
  readonly among?: readonly string[] | (() => Promise<readonly string[]>);
  /** Several of them, with commas between. */
  readonly several?: true;
  /** It is a moment, or a stretch `A..B` of two: words such as `yesterday 14:00` become RFC 3339 before the verb sees it. */
  readonly reads?: 'moment' | 'stretch';
  readonly help: string;
}

/** Names the configuration, for every verb that reads it. */
export const configOption = {
  config: {
    type: 'string',
    value: 'FILE',
    help: 'configuration (PORTLEDGER_CONFIG; default ./portledger.json where it exists)',
  },
} as const satisfies Record<string, CommandOption>;

/** How a moment may be written, for the help of an option that reads one. */
export const momentHelp = "'tuesday 03:14', 'yesterday 14:00', '3h ago' or 2026-01-31T03:14:00Z";

/** Where a verb reads and writes; tests give their own. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  readonly errIsTerminal: boolean;
  /** Default false, as for a pipe: no colour, and times in UTC alone. */
  readonly outIsTerminal?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** What words of time are read by; default the clock of the system, in the zone of TZ. */
  readonly clock?: Clock;
  /** The keys of a terminal, for what is walked through; absent where nobody sits at one. */
  readonly keys?: KeyInput;
}

/** A terminal whose keys come one by one while it is raw. */
export interface KeyInput {
  /** Makes it raw; the answer gives it back, as does every end of the process. */
  raw(): () => void;
  /** Each piece that is typed, until the terminal goes away. */
  pieces(): AsyncIterable<Uint8Array>;
}

export interface CommandInput {
  readonly options: OptionValues;
  readonly positionals: readonly string[];
  readonly io: CommandIo;
}

/** Typed access to the options given. */
export class OptionValues {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  texts(name: string): string[] {
    const value = this.values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  flag(name: string): boolean {
    return this.values[name] === true;
  }

  /** A whole number in a range; throws a usage error that names the option otherwise. */
  wholeNumber(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new CliError(exitCode.usage, `--${name}: found ${text}, expected a whole number from ${least} to ${most}.`);
  }
}

/** What a verb does; its file is loaded only when the verb is called. */
export interface Command {
  /** Lines after `Usage:`, each a way to call it. */
  readonly usage: readonly string[];
  /** What a reader of the help must know besides, a line each. */
  readonly notes?: readonly string[];
  /** How it can end besides ok, error and usage. */
  readonly exitCodes?: readonly (keyof typeof exitCode)[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** The words that can come first after its name, where it knows them all: for completion. */
  readonly words?: readonly string[];
  /** Of a verb with words of its own: what the help of one of them shows. */
  helpOf?(word: string): Pick<Command, 'usage' | 'options'> | undefined;
  run(input: CommandInput): Promise<ExitCode>;
}

/** A verb as `portledger --help` shows it. */
export interface Verb {
  /** One word, or several where verbs belong together: `log export`. */
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly load: () => Promise<Command>;
}
