import { createHash } from 'node:crypto';
import { CliError, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { EngineClient, problemOf } from '../../cli/engine-client.js';
import { writeWhole } from '../../cli/whole-file.js';
import { questionOf } from '../ask-auditor.js';
import type { AuditDoors } from '../audit-verb.js';
import { subjectFields } from '../show-answer.js';
import { openDossier } from './check-dossier.js';
import { type DossierKind, readDossierQuestion } from './dossier-question.js';
import { dossierOffline } from './dossier-offline.js';
import { madeAsJson, renderMade } from './render-dossier.js';

/** An answer of a long log takes its time. */
const patienceMs = 5 * 60_000;

/** Has a dossier made, and writes it where it is told to. */
export async function runDossier(input: CommandInput, doors: AuditDoors): Promise<ExitCode> {
  const { options, io } = input;
  const [kind = '', ...positionals] = input.positionals;
  const output = options.text('output');
  const fields = subjectFields({ ...input, positionals });
  const question = questionOf(readDossierQuestion(kind, fields));
  if (output === undefined) throw new CliError(exitCode.usage, '--output: name the file that the dossier goes to.');
  const isOffline = options.text('offline') !== undefined;
  if (!isOffline && (options.text('signing-key') !== undefined || options.texts('checkpoint').length > 0))
    throw new CliError(exitCode.usage, '--signing-key and --checkpoint go with --offline: an engine signs by itself.');
  const zip = isOffline
    ? await dossierOffline(input, doors, question)
    : await fetchDossier(EngineClient.from(options, io), question.kind, fields);
  const check = openDossier(zip, undefined);
  if (check.problem !== undefined || check.told === undefined)
    throw new CliError(
      exitCode.verificationFailed,
      `The dossier came damaged (${check.problem}); nothing was written.`,
    );
  if (output === '-') process.stdout.write(zip);
  else writeWhole(output, zip, '--output');
  const made = { file: output, zip, check, told: check.told };
  const said = `${options.flag('json') ? JSON.stringify(madeAsJson(made)) : renderMade(made)}\n`;
  if (output === '-') io.err(said);
  else io.out(said);
  return exitCode.ok;
}

async function fetchDossier(
  engine: EngineClient,
  kind: DossierKind,
  fields: Readonly<Record<string, string | undefined>>,
): Promise<Buffer> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, value);
  const path = `/v1/audit/dossier/${kind}?${query.toString()}`;
  const response = await engine.open(path, {}, AbortSignal.timeout(patienceMs));
  if (response.status !== 200) {
    const body: unknown = await response.json().catch(() => undefined);
    const problem = problemOf({ status: response.status, headers: response.headers, body });
    throw response.status === 400 ? new CliError(exitCode.usage, problem.message) : problem;
  }
  const zip = Buffer.from(await response.arrayBuffer());
  const digest = `sha-256=:${createHash('sha256').update(zip).digest('base64')}:`;
  if (response.headers.get('repr-digest') === digest) return zip;
  throw new CliError(exitCode.verificationFailed, 'The dossier came damaged; nothing was written. Ask again.');
}
