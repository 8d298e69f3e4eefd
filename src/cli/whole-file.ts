import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { CliError, exitCode } from './command.js';

/**
 * Writes a file that has its name only when it is whole; what was there before is replaced by it. Throws a CliError that
 * tells to name another with `option`.
 */
export function writeWhole(file: string, content: string | Uint8Array, option: string): void {
  const partial = `${file}.${process.pid}.partial`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError(exitCode.error, `${file} cannot be written (${why}). Name another with ${option}.`);
  }
}
