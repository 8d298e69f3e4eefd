import {
  CliError,
  type CommandInput,
  type CommandIo,
  type CommandOption,
  exitCode,
  type ExitCode,
} from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import { Progress } from '../cli/progress.js';
import type { AuditVerb } from './audit-verb.js';
import type { ProvableLog } from './event-proof.js';
import { givenCheckpoints } from './given-checkpoints.js';
import { RemoteTree } from './remote-tree.js';
import { renderVerification } from './render-verification.js';
import type { GivenCheckpoint, Verification } from './verification.js';
import { verifyEngine } from './verify-engine.js';
import { isDamage, type VerifiableLog, verifyLog } from './verify-log.js';

/** Opens the log in a data directory with all that a verification reads. */
export type OpenLog = (directory: string) => Promise<VerifiableLog & ProvableLog & { close(): Promise<void> }>;

/** The options of `verify` and `prove`. */
export const verificationOptions = {
  checkpoint: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'signed checkpoints, one after another; may be given more than once',
  },
  key: {
    type: 'string',
    multiple: true,
    value: 'KEY|FILE',
    help: 'verifier key that the checkpoints must be signed with, or a file of such keys',
  },
  ...engineOptions,
  data: { type: 'string', value: 'DIR', help: 'the log in this data directory; asks no engine' },
} as const satisfies Record<string, CommandOption>;

/** `portledger audit verify`: ends with 6 when something is not as it must be. */
export const verifyVerb: AuditVerb = {
  word: 'verify',
  usage: [['verify [--checkpoint FILE]... [--key KEY|FILE]', 'that nobody rewrote the log']],
  options: verificationOptions,
  run: (input, { openLog }) => runVerify(input, openLog),
};

async function runVerify(input: CommandInput, openLog: OpenLog): Promise<ExitCode> {
  const { options, positionals, io } = input;
  if (positionals.length > 0)
    throw new CliError(exitCode.usage, `"${positionals[0]}" is too much: name files with --checkpoint.`);
  const data = options.text('data');
  if (data !== undefined && options.text('url') !== undefined)
    throw new CliError(exitCode.usage, '--data and --url name two sources: give only one of them.');
  const given = givenCheckpoints(options);
  const verification =
    data === undefined
      ? await verifyEngine(new RemoteTree(EngineClient.from(options, io)), given)
      : await verifyDirectory(data, openLog, given, io);
  io.out(`${options.flag('json') ? JSON.stringify(verification) : renderVerification(verification)}\n`);
  return verification.findings.length === 0 ? exitCode.ok : exitCode.verificationFailed;
}

async function verifyDirectory(
  directory: string,
  openLog: OpenLog,
  given: readonly GivenCheckpoint[],
  io: CommandIo,
): Promise<Verification> {
  const log = await openOrFail(directory, openLog);
  const progress = new Progress(io, 'events');
  try {
    return await verifyLog(log, given, (count, share) => progress.show(count, share));
  } finally {
    progress.clear();
    await log.close();
  }
}

/** A log that refuses to open because of what is in it has failed its verification. */
export async function openOrFail<Log>(directory: string, open: (directory: string) => Promise<Log>): Promise<Log> {
  try {
    return await open(directory);
  } catch (error) {
    if (isDamage(error)) throw new CliError(exitCode.verificationFailed, (error as Error).message);
    throw error;
  }
}
