import { readFileSync, statSync } from 'node:fs';

/** A secret that cannot be used: names the file, what is wrong with it, and the cure. */
export class SecretFileError extends Error {
  constructor(
    readonly file: string,
    what: string,
  ) {
    super(`${file} ${what}`);
    this.name = 'SecretFileError';
  }
}

/**
 * The text of a file that holds a secret, without white space around it.
 * Throws a SecretFileError for a file that cannot be read, and for one that others than its owner may read.
 */
export function readSecret(file: string): string {
  try {
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0)
      throw new SecretFileError(
        file,
        `may be read by others (mode ${(mode & 0o777).toString(8)}), and whoever has read it can sign: make a new one, or, where nobody has, chmod 600 ${file}`,
      );
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof SecretFileError) throw error;
    throw new SecretFileError(file, `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
  }
}
