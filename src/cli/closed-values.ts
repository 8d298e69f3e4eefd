import { didYouMean } from '../config/nearest.js';
import { CliError, type CommandOption, exitCode } from './command.js';
import { printable } from './text-table.js';

/** All that the option can be, in the order it is told in; undefined for one that takes any text. */
export async function valuesOf({ among }: CommandOption): Promise<readonly string[] | undefined> {
  return typeof among === 'function' ? among() : among;
}

/** Throws a usage error for a value that is none of those its option knows, with the one that was probably meant. */
export async function refuseOthers(
  given: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, CommandOption>>,
): Promise<void> {
  for (const [name, value] of Object.entries(given)) {
    const option = options[name];
    const known = option === undefined ? undefined : await valuesOf(option);
    if (option === undefined || known === undefined) continue;
    for (const word of wordsOf(value, option)) if (!known.includes(word)) throw refusal(name, word, known, option);
  }
}

function wordsOf(value: unknown, { several }: CommandOption): readonly string[] {
  const texts = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
  return several === true ? texts.flatMap((text) => text.split(',')) : texts;
}

function refusal(name: string, word: string, known: readonly string[], { several }: CommandOption): CliError {
  const many = several === true ? 'one or more of' : 'one of';
  const tail = several === true ? ', with commas between them' : '';
  const expected = `expected ${many} ${known.join(', ')}${tail}`;
  return new CliError(exitCode.usage, `--${name}: found "${printable(word)}", ${expected}.${didYouMean(word, known)}`);
}
