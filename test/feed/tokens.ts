import { join } from 'node:path';
import type { TokenScope } from '../../src/auth/principal.js';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { writeTokens } from '../../src/auth/tokens-file.js';

/** A tokens file with one token for each name, and the texts of the tokens. */
export function tokensFile<Name extends string>(
  directory: string,
  scopes: Readonly<Record<Name, TokenScope>>,
): { readonly file: string; readonly tokens: Record<Name, string> } {
  const file = join(directory, 'tokens.json');
  const made = (Object.entries(scopes) as [Name, TokenScope][]).map(([name, scope]) => ({
    name,
    scope,
    ...newToken(),
  }));
  const createdAt = new Date().toISOString();
  writeTokens(
    file,
    made.map(({ name, scope, id, secret }) => ({
      id,
      name,
      scopes: [scope],
      sha256: secretHash(secret).toString('hex'),
      createdAt,
    })),
  );
  const tokens = Object.fromEntries(made.map((one) => [one.name, formatToken(one)])) as Record<Name, string>;
  return { file, tokens };
}
