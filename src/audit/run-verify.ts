import { CliError, type CommandInput, type CommandIo, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient } from '../cli/engine-client.js';
import { givenCheckpoints } from './given-checkpoints.js';
import { RemoteTree } from './remote-tree.js';
import { renderVerification } from './render-verification.js';
import type { GivenCheckpoint, Verification } from './verification.js';
import type { OpenLog } from './verify.command.js';
import { verifyEngine } from './verify-engine.js';
import { isDamage, verifyLog } from './verify-log.js';
import { LogWatch } from './watched-log.js';

/** Holds a log, or an engine by proofs, against its checkpoints; see `verifyVerb`. */
export async function runVerify(input: CommandInput, openLog: OpenLog): Promise<ExitCode> {
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
  const { logId, tree } = log;
  const watch = await LogWatch.of(log, io);
  try {
    return await verifyLog({ logId, tree, readAll: watch.reading((options) => log.readAll(options)) }, given);
  } finally {
    watch.end();
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
