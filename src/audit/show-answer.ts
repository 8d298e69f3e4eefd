import { CliError, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import type { Outcome } from './audit.js';
import type { Fields } from './question.js';

/** Prints an answer as JSON or as text; the lack of one ends the command. */
export function showAnswer<Answer>(
  outcome: Outcome<Answer>,
  { options, io }: CommandInput,
  render: (answer: Answer) => string,
): ExitCode {
  const answer = answerOf(outcome);
  io.out(`${options.flag('json') ? JSON.stringify(answer) : render(answer)}\n`);
  return exitCode.ok;
}

/** The answer; the lack of one ends the command. */
export function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  switch (outcome.outcome) {
    case 'answered':
      return outcome.answer;
    case 'ambiguous':
      throw new CliError(exitCode.usage, outcome.detail);
    case 'unknown':
      throw new CliError(exitCode.notFound, outcome.detail);
  }
}

/** The fields of a question about the one subject that is named. */
export function subjectFields({ positionals: [subject = '', ...rest], options }: CommandInput): Fields {
  noMoreWords(rest, ` A moment goes with --at: --at '${rest.join(' ')}'.`);
  return { subject, at: options.text('at'), between: options.text('between'), knownAt: options.text('known-at') };
}

/** A second question on one line must not be left out without a word. */
export function noMoreWords(rest: readonly string[], cure = ''): void {
  if (rest.length > 0)
    throw new CliError(exitCode.usage, `"${rest.join(' ')}" is too much: ask one question at a time.${cure}`);
}
