import type { Breach } from './import-rules.js';
import type { SourceFile } from './source-file.js';

const vagueFolders = ['common', 'shared', 'utils', 'util', 'helpers', 'interfaces', 'types', 'misc', 'lib'];
const kebab = '[a-z0-9]+(?:-[a-z0-9]+)*';
/** `kebab-case.role.ts`; the role may be left out where the name says it all (`table.ts`), and may carry a tier (`x.bgp.lab-spec.ts`). */
const fileName = new RegExp(`^${kebab}(?:\\.${kebab}){0,3}\\.(?:d\\.)?tsx?$`);

/** Breaches of naming: folders that say nothing of what is in them, files not in `kebab-case.role.ts`. */
export function layoutBreaches(paths: readonly string[]): Breach[] {
  return paths.flatMap((path) => {
    const folders = path.split('/');
    const name = folders.pop() ?? '';
    const vague = folders.filter((folder) => vagueFolders.includes(folder));
    const rules = vague.map((folder) => `the folder ${folder}/ says nothing: name what is in it`);
    if (/\.tsx?$/.test(name) && !fileName.test(name)) rules.push('is not named kebab-case.role.ts');
    return rules.map((rule) => ({ file: path, rule }));
  });
}

/** What stands at the top of the repository, and why. A new entry needs its line here. */
export const topLevel: Readonly<Record<string, string>> = {
  '.ci': 'what the build server runs',
  '.gitignore': 'what is never committed',
  '.prettierignore': 'what the formatter leaves alone',
  '.prettierrc.json': 'the one format',
  'README.md': 'the way in',
  docker: 'the container image, and a set of containers to run it in',
  '.oxlintrc.json': 'the rules of the language',
  events: 'the published language',
  'jest.config.mjs': 'the tiers of the tests',
  'nest-cli.json': 'what the own commands of Nest read',
  'package.json': 'the commands and the packages',
  'package-lock.json': 'the packages, exactly',
  projections: 'pure folds and the questions asked of them',
  src: 'the shell around the core',
  test: 'the tests, a folder for each room',
  'tsconfig.json': 'the compiler’s settings',
  'tsconfig.build.json': 'the compiler’s settings for what is shipped',
};

export function topLevelBreaches(entries: readonly string[]): Breach[] {
  return entries
    .filter((entry) => !Object.hasOwn(topLevel, entry))
    .map((file) => ({
      file,
      rule: 'is not a known top-level entry: give it a room, or a line and a reason in topLevel',
    }));
}

const noClock =
  /^(new Date\(\)|Date\(\)|Date\.now|performance|setTimeout|setInterval|setImmediate|queueMicrotask|process)$/;
const nothingOutside =
  /^(Date|Math\.random|process|setTimeout|setInterval|setImmediate|queueMicrotask|performance|crypto|fetch|console|globalThis|global|Intl|require|eval)$/;

/** The functional core has no clock, no chance and no world: projections not even `Date`. */
export function purityBreaches(files: readonly SourceFile[]): Breach[] {
  return files.flatMap(({ path, globals }) => {
    const banned = path.startsWith('projections/') ? nothingOutside : path.startsWith('events/') ? noClock : undefined;
    if (banned === undefined) return [];
    return globals
      .filter((name) => banned.test(name))
      .map((name) => ({ file: path, rule: `the core may not use ${name}` }));
  });
}

export function anyBreaches(files: readonly SourceFile[]): Breach[] {
  return files.flatMap(({ path, anyLines }) =>
    anyLines.map((line) => ({
      file: `${path}:${line}`,
      rule: 'the type any says nothing: name the type, or use unknown',
    })),
  );
}
