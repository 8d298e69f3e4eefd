import { type AuthFileKind, isTime, readAuthFile, replaceAuthFile } from './auth-file.js';
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

const tokensFile: AuthFileKind = {
  of: 'tokens',
  firstMadeWith: 'portledger token new',
  wrongField({ id, name, sha256, scopes, source, sensor, createdAt, expiresAt }) {
    if (typeof id !== 'string' || !/^[a-z0-9]{8}$/.test(id)) return 'id';
    if (typeof name !== 'string') return 'name';
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return 'sha256';
    if (!Array.isArray(scopes) || !scopes.every((scope) => tokenScopes.some((known) => known === scope)))
      return 'scopes';
    if (source !== undefined && typeof source !== 'string') return 'source';
    if (sensor !== undefined && typeof sensor !== 'string') return 'sensor';
    if (!isTime(createdAt)) return 'createdAt';
    return expiresAt === undefined || isTime(expiresAt) ? undefined : 'expiresAt';
  },
};

/** Reads the file. Throws AuthFileError when it is missing or is not a list of tokens. */
export const readTokens = (file: string): TokenRecord[] => readAuthFile(file, tokensFile);

/** Replaces the file in one step; only its owner may read it. */
export const writeTokens = (file: string, tokens: readonly TokenRecord[]): void => replaceAuthFile(file, tokens);
