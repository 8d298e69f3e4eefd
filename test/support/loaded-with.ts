import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const built = resolve('dist');

/** Everything that a built file imports before it does anything: files by their path in `dist`, packages by name. */
export function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(relative(built, file))) return found;
  found.add(relative(built, file));
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(
    /^(?:import\b(?:[^;(]*?\bfrom)?|export\b[^;(]*?\bfrom) ?['"]([^'"]+)['"];/gm,
  )) {
    if (name.startsWith('.')) loadedWith(join(dirname(file), name), found);
    else found.add(name);
  }
  return found;
}
