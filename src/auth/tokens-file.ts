import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type TokenScope, tokenScopes } from './principal.js';

/** One token as the file keeps it. Attributes never change: revoke it and make another. */
export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the secret, hexadecimal. */
  readonly sha256: string;
  readonly scopes: readonly TokenScope[];
  readonly source?: string;
  /** The sensor that a token of scope sensor speaks for. */
  readonly sensor?: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly expiresAt?: string;
}

/** A tokens file that cannot be used; the message names the file, what was found and the cure. */
export class TokensFileError extends Error {
  constructor(
    readonly file: string,
    readonly missing: boolean,
    found: string,
  ) {
    super(`${file}: ${found}`);
    this.name = 'TokensFileError';
  }
}

/** Reads the file. Throws TokensFileError when it is missing or is not a list of tokens. */
export function readTokens(file: string): TokenRecord[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new TokensFileError(file, true, 'there is no tokens file. Make the first token with: portledger token new');
    }
    throw new TokensFileError(file, false, `the tokens file cannot be read (${code ?? String(error)}).`);
  }
  const list = parseList(file, text);
  list.forEach((one, index) => {
    const wrong = wrongField(one);
    if (wrong !== undefined)
      throw new TokensFileError(
        file,
        false,
        `/${index}/${wrong} is not as expected; restore the file or make new tokens.`,
      );
  });
  return list as TokenRecord[];
}

function parseList(file: string, text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch {
    // Not JSON at all: said below.
  }
  throw new TokensFileError(file, false, 'the tokens file is not a JSON list; restore it or make new tokens.');
}

function wrongField(one: unknown): string | undefined {
  if (typeof one !== 'object' || one === null) return '';
  const { id, name, sha256, scopes, source, sensor, createdAt, expiresAt } = one as Record<string, unknown>;
  if (typeof id !== 'string' || !/^[a-z0-9]{8}$/.test(id)) return 'id';
  if (typeof name !== 'string') return 'name';
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return 'sha256';
  if (!Array.isArray(scopes) || !scopes.every((scope) => tokenScopes.some((known) => known === scope))) return 'scopes';
  if (source !== undefined && typeof source !== 'string') return 'source';
  if (sensor !== undefined && typeof sensor !== 'string') return 'sensor';
  if (typeof createdAt !== 'string' || Number.isNaN(Date.parse(createdAt))) return 'createdAt';
  if (expiresAt !== undefined && (typeof expiresAt !== 'string' || Number.isNaN(Date.parse(expiresAt))))
    return 'expiresAt';
  return undefined;
}

/** Replaces the file in one step; only its owner may read it. */
export function writeTokens(file: string, tokens: readonly TokenRecord[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(tokens, null, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
}
