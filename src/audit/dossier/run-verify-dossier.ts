import { readFileSync, statSync } from 'node:fs';
import { CliError, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { givenKeys } from '../given-checkpoints.js';
import { checkDossier, type DossierCheck } from './check-dossier.js';
import { mostBytes } from './dossier-limits.js';
import { renderCheck } from './render-dossier.js';

/** Verifies one file, and tells what is proved by it. */
export async function runVerifyDossier({ options, positionals, io }: CommandInput): Promise<ExitCode> {
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new CliError(exitCode.usage, 'portledger audit verify-dossier needs the file of one dossier.');
  const keys = givenKeys(options);
  const check = await checkDossier(read(file), keys.length === 0 ? undefined : keys);
  io.out(`${options.flag('json') ? JSON.stringify(asJson(file, check)) : renderCheck(file, check)}\n`);
  return verdictOf(check);
}

/** 6: something is wrong. 1: nothing is, but no key was named. 5: all is signed and proved, and the answer does not follow here. */
function verdictOf({ problem, signedBy, folded }: DossierCheck): ExitCode {
  if (problem !== undefined) return exitCode.verificationFailed;
  if (signedBy === undefined) return exitCode.error;
  return folded === 'different' ? exitCode.differences : exitCode.ok;
}

function asJson(file: string, { told, ...check }: DossierCheck): object {
  return { file, verified: check.problem === undefined && check.signedBy !== undefined, ...check, facts: told?.facts };
}

function read(file: string): Buffer {
  try {
    if (statSync(file).size > mostBytes)
      throw new CliError(exitCode.verificationFailed, `${file} is larger than any dossier (${mostBytes} bytes).`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError(exitCode.usage, `${file} cannot be read (${why}).`);
  }
}
