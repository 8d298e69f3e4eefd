import { type CommandOption } from './command.js';
import { valuesOf } from './closed-values.js';
import { commonOptions } from './run-cli.js';

/** What a shell can offer: for each call of words, the words that may come next and the options of the verb named so far. */
export interface Completions {
  /** By the words before, joined by a blank; the first words are under the empty text. */
  readonly next: ReadonlyMap<string, readonly string[]>;
  /** By the name of the verb: its options with their dashes. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  /** By the name of the verb and the option: all that it can be, where that is known. */
  readonly values: readonly (readonly [verb: string, option: string, values: readonly string[]])[];
}

const commonWords = Object.keys(commonOptions).map((one) => `--${one}`);

interface Completable {
  readonly name: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** The words that the verb itself knows as its first one. */
  readonly words?: readonly string[];
}

export async function completionsOf(verbs: readonly Completable[]): Promise<Completions> {
  const next = new Map<string, string[]>();
  const options = new Map<string, string[]>();
  const values: (readonly [string, string, readonly string[]])[] = [];
  for (const { name, options: own, words = [] } of verbs) {
    for (const call of [name, ...words.map((word) => `${name} ${word}`)]) {
      const parts = call.split(' ');
      parts.forEach((word, index) => {
        const before = parts.slice(0, index).join(' ');
        next.set(before, [...new Set([...(next.get(before) ?? []), word])].sort());
      });
    }
    const short = Object.values(own).flatMap((one) => (one.short === undefined ? [] : [`-${one.short}`]));
    options.set(name, [...Object.keys(own).map((one) => `--${one}`), ...short, ...commonWords].sort());
    for (const [option, spec] of Object.entries(own)) {
      const known = await valuesOf(spec);
      if (known !== undefined) values.push([name, `--${option}`, known]);
    }
  }
  return { next, options, values: values.sort(([a], [b]) => b.length - a.length) };
}

/** A script that teaches bash the verbs and options; where it has none to offer, files are. */
export function bashCompletion({ next, options, values }: Completions): string {
  const longestFirst = [...options].sort(([a], [b]) => b.length - a.length);
  return [
    '_portledger() {',
    '  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} said= word index',
    '  for ((index = 1; index < COMP_CWORD; index++)); do',
    '    word=${COMP_WORDS[index]}',
    '    case $word in -*) ;; *) said="$said${said:+ }$word" ;; esac',
    '  done',
    '  local next= options= values=',
    '  case $said in',
    ...[...next].map(([before, words]) => `    ${quoted(before)}) next=${quoted(words.join(' '))} ;;`),
    '  esac',
    '  case "$said " in',
    ...longestFirst.map(([name, own]) => `    ${quoted(`${name} `)}*) options=${quoted(own.join(' '))} ;;`),
    '  esac',
    '  case $current in -*) next=$options ;; esac',
    '  case "$said $before" in',
    ...values.map(
      ([verb, option, known]) => `    ${quoted(`${verb} `)}*${quoted(option)}) values=${quoted(known.join(' '))} ;;`,
    ),
    '  esac',
    '  next=${values:-$next}',
    '  COMPREPLY=($(compgen -W "$next" -- "$current"))',
    '}',
    'complete -o default -F _portledger portledger',
    '',
  ].join('\n');
}

/** A script for fish, as the one for bash. */
export function fishCompletion({ next, options, values }: Completions): string {
  const longestFirst = [...options].sort(([a], [b]) => b.length - a.length);
  const when = (words: string, offered: readonly string[]): string =>
    `    case ${quoted(words)}\n      printf '%s\\n' ${offered.join(' ')}`;
  return [
    'function __portledger_said',
    '  for word in (commandline -opc)[2..-1]',
    "    string match -q -- '-*' $word; or echo $word",
    '  end',
    'end',
    'function __portledger_next',
    '  set -l said (__portledger_said)',
    '  switch "$said"',
    ...[...next].map(([before, words]) => when(before, words)),
    '  end',
    'end',
    'function __portledger_options',
    '  set -l said (__portledger_said)',
    '  switch "$said "',
    ...longestFirst.map(([name, own]) => when(`${name} *`, own)),
    '  end',
    'end',
    'function __portledger_values',
    '  set -l said (__portledger_said)',
    '  set -l words (commandline -opc)',
    '  switch "$said $words[-1]"',
    ...values.map(([verb, option, known]) => when(`${verb} *${option}`, known)),
    '  end',
    'end',
    "complete -c portledger -a '(__portledger_next)'",
    "complete -c portledger -a '(__portledger_values)'",
    `complete -c portledger -n 'string match -q -- "-*" (commandline -ct)' -a '(__portledger_options)'`,
    '',
  ].join('\n');
}

/** The same for zsh, which runs completions of bash. */
export function zshCompletion(completions: Completions): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bashCompletion(completions)}`;
}

/** No name of a verb or an option has a quote in it. */
function quoted(text: string): string {
  return `'${text}'`;
}
