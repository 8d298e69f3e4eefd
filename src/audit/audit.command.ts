import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import { askAuditor, type OpenReader, questionOf, questionOptions, type Sources } from './ask-auditor.js';
import type { Outcome } from './audit.js';
import { showMap } from './map.command.js';
import { heldKinds, readSubjectQuestion } from './question.js';
import { renderExplained } from './render-explain.js';
import { runProve } from './prove.command.js';
import { runKey } from './key.command.js';
import { renderWhoHad } from './render-who-had.js';
import { type OpenLog, runVerify, verificationOptions } from './verify.command.js';

/** `portledger audit at|who-had|explain`: questions about the past, answered by replay; `verify|prove|key`: that it is the past. */
export function auditCommand(openReader: OpenReader, openLog: OpenLog): Command {
  return {
    usage: [
      'portledger audit at [TIME]                          the whole map as of then',
      'portledger audit who-had IP|PREFIX|MAC|PORT         who had it when, and what gave and took it',
      'portledger audit explain IP|PREFIX|MAC|PORT|SERVER  the events, and the device lines each one caused',
      'portledger audit verify [--checkpoint FILE]... [--key KEY|FILE]     that nobody rewrote the log',
      'portledger audit prove POSITION|#ORDINAL|ID [--checkpoint FILE]     an event that proves itself, as JSON',
      'portledger audit key new --name NAME [--out FILE]   a key that signs checkpoints; prints its verifier key',
      'portledger audit key show [FILE]                    the verifier key of a signing key',
    ],
    notes: [
      'Where a text can mean several things, put ip: prefix: mac: port: or server: in front.',
      '--at asks about the world, --known-at about what the engine had been told; both may be given.',
    ],
    exitCodes: ['notFound', 'verificationFailed', 'unreachable'],
    options: { ...questionOptions, ...verificationOptions },
    run: (input) => run(input, { openReader, mapPath: '/v1/audit/at' }, openLog),
  };
}

async function run(input: CommandInput, sources: Sources, openLog: OpenLog): Promise<ExitCode> {
  const { options, positionals } = input;
  if (positionals[0] === 'verify') return runVerify(input, openLog);
  if (positionals[0] === 'prove') return runProve(input, openLog);
  if (positionals[0] === 'key') return runKey(input);
  const [verb, word, ...rest] = positionals;
  if (rest.length > 0)
    throw new CliError(exitCode.usage, `"${rest.join(' ')}" is too much: ask one question at a time.`);
  const at = options.text('at');
  const knownAt = options.text('known-at');
  const fields = { subject: word ?? '', at, knownAt };
  switch (verb) {
    case 'at':
      return showMap({ at: onlyOne(word, at), knownAt }, input, sources);
    case 'who-had': {
      const question = questionOf(readSubjectQuestion(fields, heldKinds));
      return show(await askAuditor(input, sources, (auditor) => auditor.whoHad(question)), input, renderWhoHad);
    }
    case 'explain': {
      const question = questionOf(readSubjectQuestion(fields));
      return show(await askAuditor(input, sources, (auditor) => auditor.explain(question)), input, renderExplained);
    }
    case undefined:
    default: {
      const found = verb === undefined ? 'No question' : `"${verb}" is no audit question`;
      throw new CliError(
        exitCode.usage,
        `${found}: ask at, who-had, explain, verify, prove or key. See portledger audit --help.`,
      );
    }
  }
}

function show<Answer>(
  outcome: Outcome<Answer>,
  { options, io }: CommandInput,
  render: (answer: Answer) => string,
): ExitCode {
  switch (outcome.outcome) {
    case 'answered':
      io.out(`${options.flag('json') ? JSON.stringify(outcome.answer) : render(outcome.answer)}\n`);
      return exitCode.ok;
    case 'ambiguous':
      throw new CliError(exitCode.usage, outcome.detail);
    case 'unknown':
      throw new CliError(exitCode.notFound, outcome.detail);
  }
}

/** The time of `audit at`, given as its word or as --at. */
function onlyOne(word: string | undefined, option: string | undefined): string | undefined {
  if (word !== undefined && option !== undefined)
    throw new CliError(exitCode.usage, 'The time is given twice: drop --at.');
  return word ?? option;
}
