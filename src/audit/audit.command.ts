import { parseArgs } from 'node:util';
import type { Outcome } from './audit.js';
import {
  auditorOptions,
  auditorOptionsHelp,
  type CommandSurroundings,
  UsageError,
  withAuditor,
} from './auditor-options.js';
import { exitCode, exitCodeOf } from './exit-code.js';
import { showMap } from './map.command.js';
import { type Fields, heldKinds, readSubjectQuestion } from './question.js';
import { renderExplained } from './render-explain.js';
import { renderWhoHad } from './render-who-had.js';

export const auditHelp = `portledger audit at [TIME]                            the whole map as of then
portledger audit who-had IP|PREFIX|MAC|PORT           who had it when, and the events that gave and took it
portledger audit explain IP|PREFIX|MAC|PORT|SERVER    why: the events, and the device lines each one caused

${auditorOptionsHelp}
A text that means two things here is told apart by ip: prefix: mac: port: or server: in front of it.

  portledger audit who-had 198.51.100.16
  portledger audit who-had 5254.0000.0016 --at 2026-01-31T03:14:00Z
  portledger audit explain leaf1:Ethernet16 --known-at '#1200'
  portledger audit explain server:srv-17 --data ./data

Exit codes: 0 answered, 1 error, 2 called wrongly, 3 nothing is known of the subject, 7 no engine reached.
`;

/** `portledger audit at|who-had|explain`: prints the answer and resolves to the exit code; never rejects. */
export function auditCommand(argv: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  return exitCodeOf('audit', surroundings, async () => {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: auditorOptions,
      allowPositionals: true,
      strict: true,
    });
    const [verb, subject, ...rest] = positionals;
    if (values.help === true) {
      surroundings.out(auditHelp);
      return exitCode.ok;
    }
    if (rest.length > 0) throw new UsageError(`"${rest.join(' ')}" is one word too many`);
    const { at, 'known-at': knownAt } = values;
    if (verb === 'at') return showMap({ at: onlyOne(subject, at), knownAt }, values, surroundings);
    const fields = { subject: subject ?? '', at, knownAt };
    if (verb === 'who-had') return whoHad(fields, values, surroundings);
    if (verb === 'explain') return explain(fields, values, surroundings);
    throw new UsageError(`"${verb ?? ''}" is no audit question; ask at, who-had or explain`);
  });
}

type Values = Parameters<typeof showMap>[1];

async function whoHad(fields: Fields, values: Values, surroundings: CommandSurroundings): Promise<number> {
  const question = readSubjectQuestion(fields, heldKinds);
  if ('problem' in question) throw new UsageError(question.problem);
  const outcome = await withAuditor(values, surroundings, (auditor) => auditor.whoHad(question.value));
  return show(outcome, values, surroundings, renderWhoHad);
}

async function explain(fields: Fields, values: Values, surroundings: CommandSurroundings): Promise<number> {
  const question = readSubjectQuestion(fields);
  if ('problem' in question) throw new UsageError(question.problem);
  const outcome = await withAuditor(values, surroundings, (auditor) => auditor.explain(question.value));
  return show(outcome, values, surroundings, renderExplained);
}

function show<Answer>(
  outcome: Outcome<Answer>,
  { json }: Values,
  { out, err }: CommandSurroundings,
  render: (answer: Answer) => string,
): number {
  switch (outcome.outcome) {
    case 'answered':
      out(`${json === true ? JSON.stringify(outcome.answer) : render(outcome.answer)}\n`);
      return exitCode.ok;
    case 'ambiguous':
      throw new UsageError(outcome.detail);
    case 'unknown':
      err(`portledger audit: ${outcome.detail}\n`);
      return exitCode.notFound;
  }
}

/** The time of `audit at`, given as its word or as --at. */
function onlyOne(word: string | undefined, option: string | undefined): string | undefined {
  if (word !== undefined && option !== undefined) throw new UsageError('the time is given twice: drop --at');
  return word ?? option;
}
