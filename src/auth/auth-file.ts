import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file of tokens or users that cannot be used; the message names the file, what was found and the cure. */
export class AuthFileError extends Error {
  constructor(
    readonly file: string,
    readonly missing: boolean,
    found: string,
  ) {
    super(`${file}: ${found}`);
    this.name = 'AuthFileError';
  }
}

/** What a kind of file is called, how the first one is made, and what is wrong with an entry (the name of its field). */
export interface AuthFileKind {
  readonly of: 'tokens' | 'users';
  readonly firstMadeWith: string;
  wrongField(entry: Readonly<Record<string, unknown>>): string | undefined;
}

/** Reads a JSON list of entries. Throws AuthFileError when the file is missing or any entry is not as expected. */
export function readAuthFile<Entry>(file: string, kind: AuthFileKind): Entry[] {
  const list = parseList(file, kind, readText(file, kind));
  list.forEach((one, index) => {
    const isObject = typeof one === 'object' && one !== null;
    const wrong = isObject ? kind.wrongField(one as Record<string, unknown>) : '';
    if (wrong === undefined) return;
    throw new AuthFileError(
      file,
      false,
      `/${index}/${wrong} is not as expected; restore the file or make new ${kind.of}.`,
    );
  });
  return list as Entry[];
}

function readText(file: string, { of, firstMadeWith }: AuthFileKind): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT')
      throw new AuthFileError(file, false, `the ${of} file cannot be read (${code ?? String(error)}).`);
    const first = of.slice(0, -1);
    throw new AuthFileError(file, true, `there is no ${of} file. Make the first ${first} with: ${firstMadeWith}`);
  }
}

function parseList(file: string, { of }: AuthFileKind, text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch {
    // Not JSON at all: said below.
  }
  throw new AuthFileError(file, false, `the ${of} file is not a JSON list; restore it or make new ${of}.`);
}

/** Replaces the file in one step; only its owner may read it (mode 0600). */
export function replaceAuthFile(file: string, value: object): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(value, null, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
}

/** Whether a field is a time (RFC 3339). */
export const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));
