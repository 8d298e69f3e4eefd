import { didYouMean } from '../config/nearest.js';
import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import { accessVerb } from './access/access.command.js';
import { atVerb } from './at.command.js';
import type { OpenReader } from './ask-auditor.js';
import type { AuditDoors, AuditVerb } from './audit-verb.js';
import { diffVerb } from './diff/diff.command.js';
import { dossierVerb } from './dossier/dossier.command.js';
import { verifyDossierVerb } from './dossier/verify-dossier.command.js';
import { explainVerb } from './explain.command.js';
import { keyVerb } from './key.command.js';
import { proveVerb } from './prove.command.js';
import { stepVerb } from './step/step.command.js';
import { type OpenLog, verifyVerb } from './verify.command.js';
import { whoHadVerb } from './who-had.command.js';

/** Every word that `portledger audit` knows: one line for each. */
const auditVerbs: readonly AuditVerb[] = [
  atVerb,
  whoHadVerb,
  explainVerb,
  diffVerb,
  stepVerb,
  accessVerb,
  verifyVerb,
  proveVerb,
  dossierVerb,
  verifyDossierVerb,
  keyVerb,
];

const words = auditVerbs.map(({ word }) => word);
const options = Object.assign({}, ...auditVerbs.map((verb) => verb.options)) as AuditVerb['options'];

/** `portledger audit at|who-had|explain|diff|step`: questions about the past, answered by replay; `verify|prove|key`: that it is the past; `dossier`: both in one file. */
export function auditCommand(openReader: OpenReader, openLog: OpenLog): Command {
  return {
    usage: usageLines(),
    notes: [
      'Where a text can mean several things, put ip: prefix: mac: port: or server: in front.',
      "TIME is RFC 3339, or what people say, by the clock and zone here (TZ): 'last tuesday at 03:14', 'today 09:00', '2 days ago', '2026-11-24 03:14'; stderr tells which moment that is.",
      '--at asks about the world, --known-at about what the engine had been told; both may be given.',
    ],
    exitCodes: ['notFound', 'differences', 'verificationFailed', 'unreachable', 'interrupted'],
    options,
    words,
    helpOf,
    run: (input) => run(input, { openReader, openLog }),
  };
}

async function run(input: CommandInput, doors: AuditDoors): Promise<ExitCode> {
  const [word, ...positionals] = input.positionals;
  const verb = auditVerbs.find((one) => one.word === word);
  if (verb !== undefined) {
    refuseStrays(verb, input);
    return verb.run({ ...input, positionals }, doors);
  }
  const found =
    word === undefined ? 'No question' : `"${word}" is no audit question.${didYouMean(word, words)} These are`;
  const asked = `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
  throw new CliError(exitCode.usage, `${found}: ${asked}. See portledger audit --help.`);
}

/** All verbs share one parser; an option of another verb must not be taken and forgotten. */
function refuseStrays(verb: AuditVerb, { options: given }: CommandInput): void {
  for (const name of Object.keys(options)) {
    const isGiven = given.flag(name) || given.text(name) !== undefined || given.texts(name).length > 0;
    if (isGiven && !Object.hasOwn(verb.options, name))
      throw new CliError(
        exitCode.usage,
        `portledger audit ${verb.word} takes no --${name}${name === 'data' ? '; it reads a copy with --offline DIR' : ''}: see portledger audit --help.`,
      );
  }
}

function helpOf(word: string): Pick<Command, 'usage' | 'options'> | undefined {
  const verb = auditVerbs.find((one) => one.word === word);
  return verb && { usage: usageLines([verb]), options: verb.options };
}

function usageLines(of: readonly AuditVerb[] = auditVerbs): string[] {
  const lines = of.flatMap(({ usage }) => usage);
  const width = Math.max(...lines.map(([call]) => call.length));
  return lines.map(([call, gives]) => `portledger audit ${call.padEnd(width)}  ${gives}`);
}
