import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * SHA-256 of the code that folds: the built files of `events/` and `projections/`, with their names. What other code
 * folded is no snapshot of ours, for the same log may give another map now.
 */
export function builtVersion(): string {
  return known;
}

function hashOf(directories: readonly string[]): string {
  const hash = createHash('sha256');
  for (const directory of directories) {
    const names = readdirSync(directory, { recursive: true }).map(String);
    for (const name of names.filter((one) => one.endsWith('.js')).sort()) {
      const content = readFileSync(join(directory, name));
      hash.update(`${name} ${content.length}\n`).update(content);
    }
  }
  return hash.digest('hex');
}

// Taken when this is loaded, with the code that it names: an update may be installed beside an engine that runs.
const known = hashOf(
  ['events', 'projections'].map((room) => fileURLToPath(new URL(`../../${room}/`, import.meta.url))),
);
