import { readFileSync } from 'node:fs';

/** `verify.mjs`: the standalone verifier as it is built, without the name of a file that does not come along. */
export function enclosedVerifier(): string {
  const text = readFileSync(new URL('../standalone-verifier.js', import.meta.url), 'utf8');
  return text.replace(/\n\/\/# sourceMappingURL=\S*\s*$/, '\n');
}
