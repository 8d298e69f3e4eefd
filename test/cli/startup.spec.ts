import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { built, loadedWith } from '../support/loaded-with.js';

/** The command files, as the lists of the verbs name them. */
const commands = readdirSync(join(built, 'src/cli/verbs'))
  .filter((name) => name.endsWith('.verbs.js'))
  .flatMap((name) =>
    [...readFileSync(join(built, 'src/cli/verbs', name), 'utf8').matchAll(/import\('([^']+)'\)/g)].map(
      ([, path = '']) => relative(built, join(built, 'src/cli/verbs', path)),
    ),
  );

const domain = /^(?:events\/|projections\/|class-validator|argon2$)/;
const heavy = /^(?:@nestjs\/|@eventstore\/|better-sqlite3$|rxjs$|cap$)/;
const folds = /^(?:projections|src\/event-store\/embedded|src\/sensor)\//;

describe('what the command line loads', () => {
  it('is, before it knows the verb, its own files alone', () => {
    const loaded = [...loadedWith(join(built, 'src/cli.js'))];
    expect(loaded.filter((one) => !/^src\/cli|^node:|^src\/config\/nearest\.js$/.test(one))).toEqual([]);
  });

  it.each([...new Set(commands)])('is for %s no server, no database and no reactive stream', (command) => {
    expect(existsSync(join(built, command))).toBe(true);
    expect([...loadedWith(join(built, command))].filter((one) => heavy.test(one))).toEqual([]);
  });

  it.each([...new Set(commands)])(
    'is for the help of %s no event, no validator, no fold and no hash of passwords',
    (command) => {
      const loaded = [...loadedWith(join(built, command))];
      expect(loaded.filter((one) => domain.test(one) || one.startsWith('src/event-store/embedded'))).toEqual([]);
    },
  );

  it.each(['question', 'render-who-had', 'render-explain', 'render-map', 'remote-auditor', 'diff/render-diff'])(
    'is for %s, by which an engine is asked, no fold, no store and no sensor',
    (name) => {
      const loaded = [...loadedWith(join(built, 'src/audit', `${name}.js`))];
      expect(loaded.filter((one) => folds.test(one) || heavy.test(one) || one === 'class-validator')).toEqual([]);
    },
  );
});
